/** A capture file (pcap, link type RAW) with one IPv4 packet for each content. */
export function ipv4Capture(contents: readonly Uint8Array[], protocol: number): Uint8Array {
  const header = Buffer.alloc(24);
  header.writeUInt32LE(0xa1b2c3d4, 0);
  header.writeUInt16LE(2, 4);
  header.writeUInt16LE(4, 6);
  header.writeUInt32LE(0x4_0000, 16); // longest packet
  header.writeUInt32LE(101, 20); // RAW
  return Buffer.concat([header, ...contents.flatMap((content) => record(ipv4(content, protocol)))]);
}

function record(packet: Buffer): Buffer[] {
  const header = Buffer.alloc(16);
  header.writeUInt32LE(packet.length, 8);
  header.writeUInt32LE(packet.length, 12);
  return [header, packet];
}

function ipv4(content: Uint8Array, protocol: number): Buffer {
  const header = Buffer.from('4500000000004000400000007f0000017f000001', 'hex');
  header.writeUInt16BE(header.length + content.length, 2);
  header.writeUInt8(protocol, 9);
  return Buffer.concat([header, content]);
}
