import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { StructLayout } from '../src/linux/struct-layout.ts';
import {
  decodeSocketAddress,
  encodeSocketAddress,
  packSocketAddresses,
  unpackSocketAddresses,
} from '../src/linux/socket-address.ts';
import { decodeNotification } from '../src/sctp-kernel/notification.ts';
import {
  NotificationType,
  associationChangeLayout,
  peerAddressChangeLayout,
  sendFailedLayout,
} from '../src/sctp-kernel/sctp-structures.ts';
import { Undelivered } from '../src/sctp-kernel/undelivered.ts';

const port = fc.integer({ min: 0, max: 0xffff });
const ipv4 = fc.ipV4();
const ipv6 = fc.constantFrom('::', '::1', 'fd00:1::2', 'fe80::1', '2001:db8:0:1:1:1:1:1');
const address = fc.oneof(ipv4, ipv6);

describe('structures of C', () => {
  it('align fields as a compiler does, or not where packed', () => {
    const fields = { first: 'u8', second: 'u32', third: 'u16', fourth: 'u64' } as const;
    const natural = new StructLayout(fields);
    expect([natural.sizeBytes, natural.offsets]).toEqual([24, { first: 0, second: 4, third: 8, fourth: 16 }]);
    const packed = new StructLayout(fields, 4);
    expect([packed.sizeBytes, packed.offsets]).toEqual([16, { first: 0, second: 1, third: 5, fourth: 7 }]);
  });

  it('give back what was written', () => {
    const layout = new StructLayout({
      a: 'u8',
      b: 'u16',
      c: 'u16be',
      d: 'i32',
      e: 'u32',
      f: 'u32be',
      g: 'u64',
    });
    const values = fc.record({
      a: fc.integer({ min: 0, max: 0xff }),
      b: fc.integer({ min: 0, max: 0xffff }),
      c: fc.integer({ min: 0, max: 0xffff }),
      d: fc.integer(),
      e: fc.integer({ min: 0, max: 0xffffffff }),
      f: fc.integer({ min: 0, max: 0xffffffff }),
      g: fc.maxSafeNat(),
    });
    fc.assert(
      fc.property(values, (given) => {
        const bytes = layout.encode(given);
        for (const field of ['a', 'b', 'c', 'd', 'e', 'f', 'g'] as const)
          expect(layout.read(bytes, field)).toBe(given[field]);
      }),
    );
  });
});

describe('socket addresses', () => {
  it('are as in C: family in the order of the machine, port and address in that of the network', () => {
    expect([...(encodeSocketAddress({ address: '10.1.2.3', port: 3863 }) ?? [])].slice(0, 8)).toEqual([
      2, 0, 0x0f, 0x17, 10, 1, 2, 3,
    ]);
    expect([...(encodeSocketAddress({ address: '::1', port: 1 }) ?? [])]).toEqual([
      ...[10, 0, 0, 1, 0, 0, 0, 0],
      ...[0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1],
      ...[0, 0, 0, 0],
    ]);
  });

  it('come back, one or several', () => {
    fc.assert(
      fc.property(fc.array(address, { minLength: 1 }), port, (addresses, number) => {
        const packed = packSocketAddresses(addresses, number) ?? new Uint8Array(0);
        const expected = addresses.map((text) => ({ address: text, port: number }));
        expect(unpackSocketAddresses(packed, addresses.length)).toEqual(expected);
      }),
    );
  });

  it('read IPv4-mapped as IPv4, and are none where the text or the bytes are none', () => {
    const mapped = encodeSocketAddress({ address: '::ffff:10.1.2.3', port: 5 }) ?? new Uint8Array(0);
    expect(decodeSocketAddress(mapped)).toEqual({ address: '10.1.2.3', port: 5 });
    expect(encodeSocketAddress({ address: 'localhost', port: 5 })).toBeUndefined();
    expect(packSocketAddresses(['10.1.2.3', '10.1.2'], 5)).toBeUndefined();
    for (const bytes of [[], [2], [2, 0, 0, 1, 10], [1, 0, 1, 1]])
      expect(decodeSocketAddress(Uint8Array.from(bytes))).toBeUndefined();
  });
});

describe("the kernel's notifications", () => {
  it('of an association tell whether an ABORT with a cause ended it', () => {
    const lost = {
      type: NotificationType.associationChange,
      state: 1,
      associationId: 5,
      outboundStreams: 10,
    };
    const change = { type: 'association-change', associationId: 5, state: 'lost', outboundStreams: 10 };
    expect(decodeNotification(associationChangeLayout.encode(lost))).toEqual({ ...change, isAborted: false });
    const withCause = associationChangeLayout.encode({ ...lost, error: 12 });
    expect(decodeNotification(withCause)).toEqual({ ...change, isAborted: true });
  });

  it('of a path tell its address', () => {
    const bytes = peerAddressChangeLayout.encode({
      type: NotificationType.peerAddressChange,
      state: 1,
      associationId: 5,
    });
    bytes.set(
      encodeSocketAddress({ address: 'fd00::1', port: 9 }) ?? [],
      peerAddressChangeLayout.offsets.address,
    );
    expect(decodeNotification(bytes)).toEqual({
      type: 'peer-address-change',
      associationId: 5,
      address: 'fd00::1',
      state: 'unreachable',
    });
  });

  it('of a message that did not arrive bring it back', () => {
    const header = sendFailedLayout.encode({
      type: NotificationType.sendFailed,
      associationId: 5,
      context: 77,
      payloadProtocolId: 0xfedc_ba98,
      streamId: 3,
    });
    expect(decodeNotification(Uint8Array.of(...header, 1, 2, 3))).toEqual({
      type: 'send-failed',
      associationId: 5,
      context: 77,
      fragment: { payloadProtocolId: 0xfedc_ba98, streamId: 3, data: Uint8Array.of(1, 2, 3) },
    });
  });

  it('of no kind that we know are nothing to us', () => {
    for (const bytes of [
      associationChangeLayout.encode({ type: 0x8009 }),
      associationChangeLayout.encode({ type: NotificationType.associationChange, state: 99 }),
      peerAddressChangeLayout.encode({ type: NotificationType.peerAddressChange, state: 1 }),
    ])
      expect(decodeNotification(bytes)).toEqual({ type: 'other', associationId: undefined });
  });
});

describe('undelivered messages', () => {
  const fragment = (
    streamId: number,
    ...bytes: number[]
  ): { payloadProtocolId: number; streamId: number; data: Uint8Array } => ({
    payloadProtocolId: 11,
    streamId,
    data: Uint8Array.from(bytes),
  });

  it('are put together from their fragments, oldest first, also where their numbers wrap', () => {
    const undelivered = new Undelivered();
    undelivered.add(1, fragment(4, 9));
    undelivered.add(0xffff_fffe, fragment(1, 1, 2));
    undelivered.add(0xffff_fffe, fragment(1, 3));
    undelivered.add(0, fragment(3, 8));
    expect(undelivered.messages()).toEqual([fragment(1, 1, 2, 3), fragment(3, 8), fragment(4, 9)]);
  });

  it('are none where all arrived', () => {
    expect(new Undelivered().messages()).toEqual([]);
  });
});
