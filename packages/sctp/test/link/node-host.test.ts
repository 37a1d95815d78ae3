import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { NodeHost } from '../../src/link/node-host.ts';

const host = new NodeHost();

describe('the Node host', () => {
  it('timers expire in order, never early, and not when cancelled', async () => {
    const expired: number[] = [];
    const early: number[] = [];
    const startMs = host.nowMs();
    await new Promise<void>((resolve) => {
      for (const delayMs of [20.5, 1, 10, 0, 5]) {
        host.setTimer(delayMs, () => {
          expired.push(delayMs);
          if (host.nowMs() - startMs < delayMs) early.push(delayMs);
          if (delayMs === 20.5) resolve();
        });
      }
      host.setTimer(2, () => expired.push(2)).cancel();
      host.setTimer(0, () => expired.push(-1)).cancel();
    });
    expect([expired, early]).toEqual([[0, 1, 5, 10, 20.5], []]);
  });

  it('0 is after the present turn, and what is longer than Node can wait does not expire at once', async () => {
    const order: string[] = [];
    host.setTimer(2 ** 40, () => order.push('never')).cancel();
    const far = host.setTimer(2 ** 40, () => order.push('never'));
    host.setTimer(0, () => order.push('timer'));
    await Promise.resolve();
    order.push('promise');
    await new Promise((resolve) => setTimeout(resolve, 5));
    far.cancel();
    expect(order).toEqual(['promise', 'timer']);
  });

  it('a timer that is late lets the packets go first that have come meanwhile', async () => {
    const socket = createSocket('udp4');
    socket.bind(0, '127.0.0.1');
    await once(socket, 'listening');
    const order: string[] = [];
    socket.on('message', () => order.push('packet'));
    await new Promise((resolve) => setImmediate(resolve)); // timers are what Node runs next, and then it reads
    await new Promise<void>((resolve) => {
      socket.send('x', socket.address().port, '127.0.0.1', () => {
        host.setTimer(5, () => {
          order.push('timer');
          resolve();
        });
        const untilMs = host.nowMs() + 50;
        while (host.nowMs() < untilMs);
      });
    });
    socket.close();
    expect(order).toEqual(['packet', 'timer']);
  });

  it('random numbers are unsigned, 32 bits wide, and do not repeat', () => {
    const numbers = Array.from({ length: 3_000 }, () => host.randomUint32());
    expect(numbers.every((number) => number >>> 0 === number)).toBe(true);
    expect(new Set(numbers).size).toBeGreaterThan(2_990);
    const seen = numbers.reduce((bits, number) => bits | number, 0);
    expect(seen >>> 0).toBe(0xffff_ffff);
  });

  it('authenticates with HMAC-SHA-256 (RFC 4231 section 4.3)', () => {
    const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
    const mac = host.authenticate(bytes('Jefe'), bytes('what do ya want for nothing?'));
    expect(Buffer.from(mac).toString('hex')).toBe(
      '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843',
    );
  });
});
