import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { isIP } from 'node:net';
import { networkInterfaces } from 'node:os';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { AnnounceGroupOptions, DatagramSource } from '../src/udp-multicast/announce-group.ts';
import { openAnnounceGroup } from '../src/udp-multicast/announce-group.ts';
import { TransportError } from '../src/transport-error.ts';

interface Heard {
  readonly text: string;
  readonly source: DatagramSource;
}

/** A member of a group that notes what it hears. */
class Member {
  readonly heard: Heard[] = [];
  #waiting: (() => void)[] = [];

  note = (data: Uint8Array, source: DatagramSource): void => {
    this.heard.push({ text: new TextDecoder().decode(data), source });
    for (const resolve of this.#waiting.splice(0)) resolve();
  };

  async until(count: number): Promise<readonly Heard[]> {
    while (this.heard.length < count) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    return this.heard;
  }
}

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

/** A UDP port that is free now. */
async function freePort(): Promise<number> {
  const socket = createSocket('udp4').bind(0);
  await once(socket, 'listening');
  const { port } = socket.address();
  socket.close();
  return port;
}

/** Opens a group for the time of the test. */
async function join(
  options: Omit<AnnounceGroupOptions, 'onDatagram'>,
): Promise<Member & { send(text: string): void; leave(): void }> {
  const member = new Member();
  const group = await openAnnounceGroup({ ttl: 1, ...options, onDatagram: member.note });
  onTestFinished(() => group.close());
  return Object.assign(member, {
    send: (text: string) => group.send(bytes(text)),
    leave: () => group.close(),
  });
}

/** Whether this machine lets multicast through on an interface; the reason where it does not. */
async function whyNot(group: string, on: string): Promise<string | undefined> {
  const member = new Member();
  let refusal: string | undefined;
  try {
    const log = (_level: string, event: string, fields?: Readonly<Record<string, unknown>>): void => {
      refusal = `${event}: ${String(fields?.['text'])}`;
    };
    const opened = await openAnnounceGroup({
      group,
      port: await freePort(),
      interfaces: [on],
      onDatagram: member.note,
      log,
    });
    opened.send(bytes('probe'));
    await Promise.race([member.until(1), new Promise((resolve) => setTimeout(resolve, 500))]);
    opened.close();
  } catch (error) {
    return String(error);
  }
  return member.heard.length > 0 ? undefined : (refusal ?? 'a datagram that was sent did not come back');
}

interface Place {
  readonly family: string;
  readonly group: string;
  readonly on: string;
  readonly isLoopback: boolean;
}

const external = (family: string): Place[] => {
  const address = Object.values(networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    .find((entry) => entry.family === family && !entry.internal)?.address;
  const group = family === 'IPv4' ? '239.0.0.50' : 'ff02::133';
  return address === undefined ? [] : [{ family, group, on: address, isLoopback: false }];
};
const places: Place[] = [
  { family: 'IPv4', group: '239.0.0.50', on: '127.0.0.1', isLoopback: true },
  { family: 'IPv6', group: 'ff02::133', on: '::1', isLoopback: true },
  ...external('IPv4'),
  ...external('IPv6'),
];

for (const { family, group, on, isLoopback } of places) {
  const reason = await whyNot(group, on);
  if (reason !== undefined) console.log(`skipped: multicast over ${family} on ${on}: ${reason}`);
  describe.skipIf(reason !== undefined)(`announces over ${family} on ${on}`, () => {
    it('reach every member on the port, the sender too, with their source', async () => {
      const port = await freePort();
      const [first, second] = [
        await join({ group, port, interfaces: [on] }),
        await join({ group, port, interfaces: [on] }),
      ];
      first.send('from the first');
      await first.until(1);
      await second.until(1);
      second.send('from the second');
      for (const member of [first, second]) {
        const heard = await member.until(2);
        expect(heard.map(({ text }) => text)).toEqual(['from the first', 'from the second']);
        for (const { source: from } of heard) {
          expect(isIP(from.address)).toBe(family === 'IPv4' ? 4 : 6);
          expect(from.port).not.toBe(port);
        }
        expect(heard[0]?.source.port).not.toBe(heard[1]?.source.port);
      }
    });

    it('come from the source port that was chosen', async () => {
      const [port, sourcePort] = [await freePort(), await freePort()];
      const member = await join({ group, port, interfaces: [on], sourcePort });
      member.send('x');
      expect((await member.until(1))[0]?.source.port).toBe(sourcePort);
    });

    it('are not heard after leaving', async () => {
      const port = await freePort();
      const [member, gone] = [
        await join({ group, port, interfaces: [on] }),
        await join({ group, port, interfaces: [on] }),
      ];
      gone.leave();
      gone.send('dropped');
      member.send('heard');
      expect((await member.until(1)).map(({ text }) => text)).toEqual(['heard']);
      expect(gone.heard).toEqual([]);
    });

    // What is sent on the loopback interface comes back whatever is chosen.
    it.skipIf(isLoopback)('are not heard on this machine without loopback', async () => {
      const port = await freePort();
      const member = await join({ group, port, interfaces: [on] });
      const silent = await join({ group, port, interfaces: [on], loopback: false });
      silent.send('not looped back');
      member.send('heard');
      expect((await silent.until(1)).map(({ text }) => text)).toEqual(['heard']);
    });
  });
}

describe('openAnnounceGroup', () => {
  const wrong: [string, string, Partial<AnnounceGroupOptions>][] = [
    ['an address that is not multicast', 'invalid-argument', { group: '10.0.0.1' }],
    ['no address', 'invalid-argument', { group: 'ffoo' }],
    ['port 0', 'invalid-argument', { port: 0 }],
    ['TTL 0', 'invalid-argument', { ttl: 0 }],
    ['an interface that does not exist', 'address-not-available', { interfaces: ['nowhere0'] }],
  ];
  it.each(wrong)('refuses %s: %s', async (_what, code, changes) => {
    const options = { group: '239.0.0.50', port: 3863, onDatagram: () => undefined, ...changes };
    const error: unknown = await openAnnounceGroup(options).then(
      () => undefined,
      (thrown: unknown) => thrown,
    );
    expect(error).toBeInstanceOf(TransportError);
    expect(error).toMatchObject({ code });
  });

  it('says when the port belongs to somebody who does not share it', async () => {
    const socket = createSocket('udp4').bind(0, '239.0.0.50');
    await once(socket, 'listening');
    const { port } = socket.address();
    const opening = openAnnounceGroup({
      group: '239.0.0.50',
      port,
      interfaces: ['127.0.0.1'],
      onDatagram: () => undefined,
    });
    const error: unknown = await opening.catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'address-in-use' });
    expect((error as TransportError).cause).toBeInstanceOf(Error);
    socket.close();
  });
});
