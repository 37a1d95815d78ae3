import type { CaptureNote } from '../../src/capture-note.ts';
import type { CapturedMessage } from '../../src/captured-message.ts';
import { type CaptureOptions, readMessages } from '../../src/read-messages.ts';
import { pcapng } from './capture-file.ts';
import { ethernet } from './packets.ts';

export interface Read {
  readonly messages: readonly CapturedMessage[];
  /** The data of the messages, as text. */
  readonly texts: readonly string[];
  readonly notes: readonly CaptureNote[];
  readonly noteTexts: readonly string[];
}

/** Everything that a capture gives. */
export function readAll(file: Uint8Array, options: CaptureOptions = {}): Read {
  const notes: CaptureNote[] = [];
  const messages = [...readMessages(file, { ...options, onNote: (note) => notes.push(note) })];
  return {
    messages,
    texts: messages.map(({ data }) => Buffer.from(data).toString()),
    notes,
    noteTexts: notes.map((note) => note.text),
  };
}

/** Everything that IPv4 packets on an Ethernet give. */
export function readIpv4(packets: readonly Uint8Array[], options: CaptureOptions = {}): Read {
  return readAll(pcapng(packets.map((packet) => ethernet(packet))), options);
}
