import type { Message } from '@rserpool/core';
import { beforeEach, describe, expect, it } from 'vitest';
import { defaultTransportLimits } from '../src/limits.ts';
import { Errno } from '../src/linux/system-error.ts';
import { KernelSender } from '../src/sctp-kernel/kernel-sender.ts';
import type { SendingSocket } from '../src/sctp-kernel/kernel-sender.ts';
import type { SendInfo } from '../src/sctp-kernel/kernel-socket.ts';

/** A send buffer: takes messages while it is not full, each at a cost, and is emptied by the test. */
class FakeKernel implements SendingSocket {
  readonly sent: (SendInfo & { readonly size: number; readonly more: boolean })[] = [];
  readonly buffers: number[] = [];
  readonly ends: number[] = [];
  queued = 0;
  bufferBytes = 1_000_000;
  /** What every further message gets. */
  refusal: number | undefined;

  send(data: Uint8Array, info: SendInfo, more: boolean): number {
    if (this.refusal !== undefined) return this.refusal;
    if (this.queued >= this.bufferBytes) return Errno.again;
    this.queued += 1_000 + data.length;
    this.sent.push({ ...info, size: data.length, more });
    return data.length;
  }

  end(_associationId: number, flags: number): void {
    this.ends.push(flags);
  }

  queuedBytes(): number {
    return this.queued;
  }

  setSendBuffer(bytes: number): void {
    this.bufferBytes = bytes;
    this.buffers.push(bytes);
  }
}

const endOfAssociation = 0x200;
const limits = { ...defaultTransportLimits, highWaterBytes: 300_000, lowWaterBytes: 100_000 };

let kernel: FakeKernel;
let sender: KernelSender;
let rooms: number;
let refusals: string[];

beforeEach(() => {
  kernel = new FakeKernel();
  rooms = 0;
  refusals = [];
  sender = new KernelSender({
    limits,
    sendBufferBytes: 1_000_000,
    onWatch: () => undefined,
    onRoom: () => {
      rooms += 1;
    },
    onRefused: (text) => {
      refusals.push(text);
    },
  });
});

function message(sizeBytes: number, streamId = 0): Message {
  return { payloadProtocolId: 11, streamId, data: new Uint8Array(sizeBytes) };
}

async function turn(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
}

describe('what a kernel association sends', () => {
  it('waits until it is up, and then goes in order, with numbers that go up', async () => {
    for (const size of [1, 2, 3]) sender.add(message(size));
    await turn();
    expect(kernel.sent).toEqual([]);
    sender.start(kernel, 7);
    await turn();
    expect(kernel.sent.map(({ size, context, associationId }) => [size, context, associationId])).toEqual([
      [1, 0, 7],
      [2, 1, 7],
      [3, 2, 7],
    ]);
  });

  it('is announced as belonging together, but not more than a packet or 16 messages, and never the last', async () => {
    sender.start(kernel, 1);
    for (let count = 0; count < 20; count += 1) sender.add(message(10));
    for (let count = 0; count < 3; count += 1) sender.add(message(700));
    await turn();
    const lastOfBundle = kernel.sent.flatMap(({ more }, index) => (more ? [] : [index]));
    expect(lastOfBundle).toEqual([15, 21, 22]);
  });

  it('waits while the kernel has no room, and goes on when it has', async () => {
    kernel.bufferBytes = 5_000;
    sender.start(kernel, 1);
    for (let count = 0; count < 8; count += 1) expect(sender.add(message(1_000))).toBe(true);
    await turn();
    expect([kernel.sent.length, sender.wantsWritable, sender.waiting.length]).toEqual([3, true, 5]);
    kernel.queued = 0;
    sender.writable();
    expect([kernel.sent.length, sender.wantsWritable, sender.waiting.length]).toEqual([6, true, 2]);
    kernel.queued = 0;
    sender.writable();
    expect([kernel.sent.length, sender.wantsWritable, sender.waiting.length]).toEqual([8, false, 0]);
    expect(kernel.sent.map(({ context }) => context)).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
  });

  it('counts until the peer has it: above the high water mark the caller waits for the low one', async () => {
    sender.start(kernel, 1);
    const answers = [1, 2, 3, 4].map(() => sender.add(message(90_000)));
    expect(answers).toEqual([true, true, true, false]);
    await turn();
    expect([kernel.sent.length, rooms, sender.wantsWritable]).toEqual([4, 0, true]);
    expect(kernel.bufferBytes).toBe(100_000); // the kernel tells when less than that is left
    kernel.queued = 99_000;
    sender.writable();
    expect([rooms, sender.wantsWritable, kernel.bufferBytes]).toEqual([1, false, 1_000_000]);
  });

  it('is not counted for ever where the peer is quick', async () => {
    sender.start(kernel, 1);
    for (let count = 0; count < 20; count += 1) {
      expect(sender.add(message(90_000))).toBe(true);
      await turn();
      kernel.queued = 0;
    }
  });

  it('is what remains when the peer has shut down, and nobody waits for room', async () => {
    kernel.bufferBytes = 1;
    sender.start(kernel, 1);
    for (let count = 0; count < 5; count += 1) sender.add(message(90_000));
    await turn();
    expect([kernel.sent.length, rooms]).toEqual([1, 0]);
    kernel.refusal = Errno.shutdown;
    sender.writable();
    expect([sender.waiting.length, rooms, sender.wantsWritable]).toEqual([4, 1, false]);
    expect(sender.add(message(90_000))).toBe(true);
    expect(sender.waiting.length).toBe(5);
    expect(refusals).toEqual([]);
  });

  it('breaks the association where the kernel will never take it', async () => {
    kernel.refusal = Errno.invalid;
    sender.start(kernel, 1);
    sender.add(message(10, 999));
    await turn();
    expect(refusals).toEqual(['message of 10 bytes on stream 999: EINVAL']);
  });

  it('is followed by the end of the association, behind all of it', async () => {
    kernel.bufferBytes = 1;
    sender.start(kernel, 1);
    sender.add(message(10));
    sender.add(message(10));
    sender.close();
    await turn();
    await turn();
    expect([kernel.sent.length, kernel.ends]).toEqual([1, []]);
    kernel.queued = 0;
    sender.writable();
    expect([kernel.sent.length, kernel.ends]).toEqual([2, [endOfAssociation]]);
  });
});
