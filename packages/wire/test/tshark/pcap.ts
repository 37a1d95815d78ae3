import { crc32c } from './crc32c.ts';

/** A message and the SCTP payload protocol identifier that tells its protocol. */
export interface Payload {
  readonly protocolId: number;
  readonly bytes: Uint8Array;
}

/** A capture file (pcap, link type Ethernet) with one message per packet: Ethernet, IPv4, SCTP with one DATA chunk. */
export function pcap(payloads: readonly Payload[]): Uint8Array {
  const header = Buffer.alloc(24);
  header.writeUInt32LE(0xa1b2c3d4, 0);
  header.writeUInt16LE(2, 4);
  header.writeUInt16LE(4, 6);
  header.writeUInt32LE(0x4_0000, 16); // longest packet
  header.writeUInt32LE(1, 20); // Ethernet
  return Buffer.concat([
    header,
    ...payloads.flatMap((payload, index) => record(ethernet(payload, index), index)),
  ]);
}

function record(frame: Buffer, index: number): Buffer[] {
  const header = Buffer.alloc(16);
  header.writeUInt32LE(index, 0); // seconds
  header.writeUInt32LE(frame.length, 8);
  header.writeUInt32LE(frame.length, 12);
  return [header, frame];
}

function ethernet(payload: Payload, index: number): Buffer {
  const header = Buffer.from('020000000002 020000000001 0800'.replaceAll(' ', ''), 'hex');
  return Buffer.concat([header, ipv4(sctp(payload, index))]);
}

function ipv4(content: Buffer): Buffer {
  const header = Buffer.from('45000000 00004000 40840000 c0000201 c0000202'.replaceAll(' ', ''), 'hex');
  header.writeUInt16BE(header.length + content.length, 2);
  let sum = 0;
  for (let at = 0; at < header.length; at += 2) sum += header.readUInt16BE(at);
  sum = (sum & 0xffff) + (sum >>> 16);
  header.writeUInt16BE(~(sum + (sum >>> 16)) & 0xffff, 10);
  return Buffer.concat([header, content]);
}

function sctp({ protocolId, bytes }: Payload, index: number): Buffer {
  const packet = Buffer.alloc(12 + 16 + Math.ceil(bytes.length / 4) * 4);
  packet.writeUInt16BE(3863, 0);
  packet.writeUInt16BE(3863, 2);
  packet.writeUInt32BE(1, 4); // verification tag
  packet.writeUInt8(0, 12); // DATA
  packet.writeUInt8(3, 13); // first and last fragment
  packet.writeUInt16BE(16 + bytes.length, 14);
  packet.writeUInt32BE(index, 16); // TSN
  packet.writeUInt16BE(index & 0xffff, 22); // stream sequence number
  packet.writeUInt32BE(protocolId, 24);
  packet.set(bytes, 28);
  packet.writeUInt32LE(crc32c(packet), 8);
  return packet;
}
