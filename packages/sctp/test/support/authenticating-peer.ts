import { createHmac } from 'node:crypto';
import { writeAsconf } from '../../src/chunks/asconf.ts';
import type { AsconfRequest } from '../../src/chunks/asconf.ts';
import type { InitParameters } from '../../src/chunks/init.ts';
import { dynamicAddresses } from '../../src/extensions/dynamic-addresses.ts';
import { nodeHmac } from '../../src/link/node-host.ts';
import { header } from './packets.ts';
import { PacketWriter } from '../../src/packet/packet-writer.ts';
import type { RawPeer, Write } from './raw-peer.ts';
import { SctpBench } from './sctp-bench.ts';
import type { PeerOptions, TestEndpoint, TestEndpointOptions } from './sctp-bench.ts';
import type { TestEnd } from './test-end.ts';

const authType = 0x0f;
const asconfType = 0xc1;
const asconfAckType = 0x80;

/** What a peer's INIT says that authenticates. */
export const authenticating = {
  random: new Uint8Array(32).fill(0x5a),
  requestedHmacAlgorithms: [1],
  chunkList: [asconfType, asconfAckType],
  supportedExtensions: [authType, asconfType, asconfAckType],
} satisfies Partial<InitParameters>;

export interface ForgedAuth {
  readonly hash?: 'sha1' | 'sha256';
  readonly hmacId?: number;
  readonly sharedKeyId?: number;
  readonly key?: Buffer;
  /** Changes the HMAC. */
  readonly damage?: (hmac: Buffer) => Buffer;
}

/**
 * An endpoint A with dynamic addresses, and a scripted peer P with which it has an association. P authenticates with code of its own: from the
 * bytes of the handshake, by RFC 4895 section 6.
 */
export class AuthenticatedPair {
  readonly bench = new SctpBench();
  readonly extension = dynamicAddresses(nodeHmac);
  readonly a: TestEndpoint;
  readonly peer: RawPeer;
  readonly end: TestEnd;
  readonly key: Buffer;

  constructor(
    {
      parameters = {},
      initialTsn,
      ...peerOptions
    }: PeerOptions & { readonly parameters?: Partial<InitParameters>; readonly initialTsn?: number } = {},
    options: TestEndpointOptions = {},
  ) {
    this.a = this.bench.endpoint('A', { extensions: [this.extension], ...options });
    this.peer = this.bench.peer('P', { answersHeartbeats: true, ...peerOptions });
    const { addresses } = this.peer;
    this.peer.initialTsn = initialTsn ?? this.peer.initialTsn;
    const named = addresses.length > 1 ? addresses : [];
    const init = { parameters: { addresses: named, ...authenticating, ...parameters } };
    this.peer.sendInit(this.a.addresses[0], init);
    this.bench.clock.run(20);
    this.peer.sendCookieEcho();
    this.bench.clock.run(20);
    const [end] = this.a.accepted;
    if (end === undefined) throw new Error(`no association:\n${this.bench.talk().join('\n')}`);
    this.end = end;
    const [init_, initAck] = this.bench.passages.map(({ packet }) => Buffer.from(packet));
    this.key = sharedKey(init_ ?? Buffer.alloc(0), initAck ?? Buffer.alloc(0));
    this.bench.clock.run(1_000);
    this.bench.talk();
  }

  /** These chunks behind an AUTH chunk. */
  auth(writes: readonly Write[], forged: ForgedAuth = {}): Write {
    return authenticated(this.key, writes, forged);
  }

  /** An ASCONF chunk; requests as `add 10.1.0.2`. @param sequence counted from the peer's initial TSN */
  asconf(sequence: number, requests: readonly string[], address: string = this.peer.addresses[0]): Write {
    const chunk = {
      sequence: (this.peer.initialTsn + sequence) >>> 0,
      address,
      requests: requests.map((text, index): AsconfRequest => {
        const [word = '', target = ''] = text.split(' ');
        const kind = `${word === 'primary' ? 'set-primary' : word}-address` as AsconfRequest['kind'];
        return { kind, address: target, correlationId: 100 + index };
      }),
    };
    return (packet) => writeAsconf(packet, chunk);
  }

  /** What is said after an authenticated ASCONF chunk, which comes from an address. */
  changes(sequence: number, requests: readonly string[], from?: string): string[] {
    this.peer.send(this.auth([this.asconf(sequence, requests)]), from === undefined ? {} : { from });
    return this.bench.after(2_000).slice(1);
  }

  get addresses(): readonly string[] {
    return this.end.association.remoteAddresses;
  }
}

/** Chunks behind an AUTH chunk that is made without the extension's code. */
export function authenticated(
  key: Buffer,
  writes: readonly Write[],
  {
    hash = 'sha1',
    hmacId = hash === 'sha1' ? 1 : 3,
    sharedKeyId = 0,
    damage = (hmac) => hmac,
    ...forged
  }: ForgedAuth,
): Write {
  const scratch = new PacketWriter(header, 4_000);
  for (const write of writes) write(scratch);
  const chunks = Buffer.from(scratch.finish().slice(12));
  const hmacBytes = hash === 'sha1' ? 20 : 32;
  const auth = Buffer.alloc(8 + hmacBytes);
  auth.writeUInt16BE(authType << 8, 0);
  auth.writeUInt16BE(8 + hmacBytes, 2);
  auth.writeUInt16BE(sharedKeyId, 4);
  auth.writeUInt16BE(hmacId, 6);
  const hmac = createHmac(hash, forged.key ?? key)
    .update(auth)
    .update(chunks)
    .digest();
  damage(hmac).copy(auth, 8);
  return (packet) => packet.copyChunks(Buffer.concat([auth, chunks]));
}

/** From the packets with both sides' INIT and INIT ACK (RFC 4895 section 6.1). */
export function sharedKey(one: Buffer, other: Buffer): Buffer {
  const vectors = [keyVector(one), keyVector(other)].sort((a, b) =>
    BigInt(`0x${a.toString('hex')}`) < BigInt(`0x${b.toString('hex')}`) ? -1 : 1,
  );
  return Buffer.concat(vectors);
}

/** RANDOM, CHUNKS and HMAC-ALGO out of a packet, without padding. */
function keyVector(packet: Buffer): Buffer {
  const found = new Map<number, Buffer>();
  const end = 12 + packet.readUInt16BE(14);
  for (let at = 32; at < end; at += (packet.readUInt16BE(at + 2) + 3) & ~3)
    found.set(packet.readUInt16BE(at), packet.subarray(at, at + packet.readUInt16BE(at + 2)));
  return Buffer.concat([0x8002, 0x8003, 0x8004].flatMap((type) => found.get(type) ?? []));
}
