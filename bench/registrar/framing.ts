/** How messages lie on a connection: just enough to send them and to find them, so that the load costs the same on both sides. */
export interface Framing {
  readonly name: 'rserpool' | 'bare';
  /** What the connecting side says first. */
  readonly opening: Buffer;
  /** How many bytes of the accepting side's opening come before its first message. */
  readonly openingBytes: number;
  readonly headerBytes: number;
  /** A message with its header. */
  frame(message: Uint8Array): Buffer;
  /** Size of the frame at a position, header included. */
  frameBytes(bytes: Buffer, at: number): number;
  /** Whether the frame at a position carries a message. */
  isMessage(bytes: Buffer, at: number): boolean;
  /** What tells the peer that so many of its messages have arrived; empty where nothing does. */
  acknowledgement(count: number): Buffer;
}

const nothing = Buffer.alloc(0);

/** The floor: a 4-byte length in front of each message, and nothing else. */
export const bareFraming: Framing = {
  name: 'bare',
  opening: nothing,
  openingBytes: 0,
  headerBytes: 4,
  frame(message) {
    const frame = Buffer.alloc(4 + message.length);
    frame.writeUInt32BE(message.length);
    frame.set(message, 4);
    return frame;
  },
  frameBytes: (bytes, at) => 4 + bytes.readUInt32BE(at),
  isMessage: () => true,
  acknowledgement: () => nothing,
};

const asapPayloadProtocolId = 11;

/** The framing of docs/tcp-framing.md, with acknowledgements as a peer of ours sends them: one ahead of what is sent together. */
export const rserpoolFraming: Framing = {
  name: 'rserpool',
  opening: Buffer.from([0xd2, 0x53, 0x50, 0x46, 1, 0, 0, 16, 0, 0x10, 0, 0, 0, 0, 0, 0]), // takes 1 MiB, does not watch
  openingBytes: 16,
  headerBytes: 8,
  frame(message) {
    const frame = Buffer.alloc(12 + message.length);
    frame.writeUInt8(1);
    frame.writeUInt32BE(4 + message.length, 4);
    frame.writeUInt32BE(asapPayloadProtocolId, 8);
    frame.set(message, 12);
    return frame;
  },
  frameBytes: (bytes, at) => 8 + bytes.readUInt32BE(at + 4),
  isMessage: (bytes, at) => bytes[at] === 1,
  acknowledgement(count) {
    const frame = Buffer.alloc(12);
    frame.writeUInt8(2);
    frame.writeUInt32BE(4, 4);
    frame.writeUInt32BE(count >>> 0, 8);
    return frame;
  },
};
