import type { CLibrary } from './c-library.ts';
import { StructLayout } from './struct-layout.ts';

/** struct msghdr and struct iovec, whose pointers are 64 bit. */
export const messageHeaderLayout = new StructLayout({
  name: 'u64',
  nameLength: 'u32',
  vector: 'u64',
  vectorLength: 'u64',
  control: 'u64',
  controlLength: 'u64',
  flags: 'i32',
});
export const vectorLayout = new StructLayout({ base: 'u64', length: 'u64' });
/** struct cmsghdr, before its data. */
export const controlHeaderLayout = new StructLayout({ length: 'u64', level: 'i32', type: 'i32' });

/** MSG_DONTWAIT, MSG_EOR, MSG_NOSIGNAL, MSG_MORE of Linux. */
export const MessageFlag = { dontWait: 0x40, endOfRecord: 0x80, noSignal: 0x4000, more: 0x8000 } as const;

const nameSizeBytes = 128;
const controlSizeBytes = 512;

export interface ControlMessage {
  readonly level: number;
  readonly type: number;
  readonly data: Uint8Array;
}

/** What recvmsg gave. Its bytes are overwritten by the next call. */
export interface ReceivedBytes {
  readonly data: Uint8Array;
  /** The sender as a socket address; empty where there is none. */
  readonly name: Uint8Array;
  readonly control: readonly ControlMessage[];
  readonly flags: number;
}

/**
 * sendmsg and recvmsg: a piece of data with control messages. One memory serves all sockets, since calls are synchronous; it holds
 * a header, a vector, a name and control messages, and then the data.
 */
export class MessageCalls {
  readonly #library: CLibrary;
  readonly #layout: MemoryLayout;
  #memory: Memory;

  /** @param dataSizeBytes what one call receives at most; for what is sent the memory grows */
  constructor(library: CLibrary, dataSizeBytes: number) {
    this.#library = library;
    this.#layout = new MemoryLayout();
    this.#memory = this.#newMemory(dataSizeBytes);
  }

  /** Does not block, raises no signal. @returns bytes sent, or a negative errno */
  send(fd: number, data: Uint8Array, control: ControlMessage, flags = 0, name: Uint8Array = noBytes): number {
    if (data.length > this.#memory.dataSizeBytes) this.#memory = this.#newMemory(data.length);
    const { bytes, address } = this.#memory;
    const layout = this.#layout;
    bytes.set(name, layout.name);
    bytes.set(data, layout.data);
    const controlLength = this.#writeControl(control);
    this.#writeHeader(name.length, controlLength, data.length);
    return this.#library.sendMessage(fd, address, flags | MessageFlag.dontWait | MessageFlag.noSignal);
  }

  /** Does not block. @returns a negative errno when there is nothing */
  receive(fd: number): ReceivedBytes | number {
    const { bytes, address, dataSizeBytes } = this.#memory;
    const layout = this.#layout;
    this.#writeHeader(nameSizeBytes, controlSizeBytes, dataSizeBytes);
    const length = this.#library.receiveMessage(fd, address, MessageFlag.dontWait);
    if (length < 0) return length;
    const header = bytes.subarray(0, messageHeaderLayout.sizeBytes);
    const controlLength = messageHeaderLayout.read(header, 'controlLength');
    return {
      data: bytes.subarray(layout.data, layout.data + length),
      name: bytes.subarray(layout.name, layout.name + messageHeaderLayout.read(header, 'nameLength')),
      control: controlMessages(bytes.subarray(layout.control, layout.control + controlLength)),
      flags: messageHeaderLayout.read(header, 'flags'),
    };
  }

  #newMemory(dataSizeBytes: number): Memory {
    const buffer = new ArrayBuffer(this.#layout.data + dataSizeBytes);
    const view = new DataView(buffer);
    return { bytes: new Uint8Array(buffer), view, address: this.#library.address(buffer), dataSizeBytes };
  }

  #writeHeader(nameLength: number, controlLength: number, dataLength: number): void {
    const { view, address } = this.#memory;
    const layout = this.#layout;
    const at = (offset: number): number => Number(address) + offset;
    messageHeaderLayout.write(view, 0, {
      name: nameLength === 0 ? 0 : at(layout.name),
      nameLength,
      vector: at(layout.vector),
      vectorLength: 1,
      control: at(layout.control),
      controlLength,
      flags: 0,
    });
    vectorLayout.write(view, layout.vector, { base: at(layout.data), length: dataLength });
  }

  #writeControl({ level, type, data }: ControlMessage): number {
    const { bytes, view } = this.#memory;
    const start = this.#layout.control;
    const length = controlHeaderLayout.sizeBytes + data.length;
    controlHeaderLayout.write(view, start, { length, level, type });
    bytes.set(data, start + controlHeaderLayout.sizeBytes);
    return aligned(length);
  }
}

interface Memory {
  readonly bytes: Uint8Array;
  readonly view: DataView;
  readonly address: bigint;
  readonly dataSizeBytes: number;
}

/** Offsets in the memory. */
class MemoryLayout {
  readonly vector = messageHeaderLayout.sizeBytes;
  readonly name = this.vector + vectorLayout.sizeBytes;
  readonly control = this.name + nameSizeBytes;
  readonly data = this.control + controlSizeBytes;
}

const noBytes = new Uint8Array(0);

function controlMessages(bytes: Uint8Array): ControlMessage[] {
  const messages: ControlMessage[] = [];
  let rest = bytes;
  while (rest.length >= controlHeaderLayout.sizeBytes) {
    const length = controlHeaderLayout.read(rest, 'length');
    if (length < controlHeaderLayout.sizeBytes || length > rest.length) break;
    messages.push({
      level: controlHeaderLayout.read(rest, 'level'),
      type: controlHeaderLayout.read(rest, 'type'),
      data: rest.subarray(controlHeaderLayout.sizeBytes, length),
    });
    rest = rest.subarray(aligned(length));
  }
  return messages;
}

/** CMSG_ALIGN. */
function aligned(length: number): number {
  return (length + 7) & ~7;
}
