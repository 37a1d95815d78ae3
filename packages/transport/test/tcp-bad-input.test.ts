import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { EchoEndpoint, message, works } from './support/echo-endpoint.ts';
import { RawPeer, dataFrame } from './support/raw-peer.ts';

// Every test has an honest association beside the hostile peer: it must go on as if nothing had happened.
async function withHonest(
  options: Parameters<typeof EchoEndpoint.open>[0],
  attack: (echo: EchoEndpoint) => Promise<void>,
): Promise<EchoEndpoint> {
  const echo = await EchoEndpoint.open(options);
  const honest = echo.connect();
  expect(await works(honest)).toBe(true);
  await attack(echo);
  expect(await works(honest)).toBe(true);
  return echo;
}

describe('strangers', () => {
  it('an HTTP request gets an HTTP answer that says why, and the log says who', async () => {
    await withHonest({}, async (echo) => {
      const browser = new RawPeer(echo.local).bytes('GET /status HTTP/1.1\r\nHost: registrar\r\n\r\n');
      await browser.ended();
      expect(browser.received.toString()).toMatch(
        /^HTTP\/1.1 400 Bad Request\r\n[^]*This port speaks RSerPool, not HTTP/,
      );
      expect(echo.log).toMatchObject([{ event: 'connection refused' }]);
      expect(echo.log[0]?.text).toMatch(/an HTTP request .*expected RSerPool framing/);
      expect(echo.accepted.length).toBe(1);
    });
  });

  it.each([
    ['zeros', Buffer.alloc(100)],
    ['ASAP without framing, where it is not wanted', Buffer.from('05000008000b0004', 'hex')],
    ['a TLS ClientHello', Buffer.from('1603010200010001fc0303', 'hex')],
    ['random bytes', Buffer.concat([Buffer.of(0x80), randomBytes(1_000)])],
  ])('%s: the connection is ended at once, without an answer', async (_name, bytes) => {
    await withHonest({}, async (echo) => {
      const stranger = new RawPeer(echo.local).bytes(bytes);
      await stranger.ended();
      expect(stranger.received.length).toBe(0);
      expect(echo.log).toMatchObject([{ event: 'connection refused' }]);
      expect(echo.accepted.length).toBe(1);
    });
  });

  it('a later version of the framing gets our hello, and so our version', async () => {
    await withHonest({}, async (echo) => {
      const later = new RawPeer(echo.local).bytes(Buffer.from('d2535046020000100000ffff00000000', 'hex'));
      await later.ended();
      expect(later.frames).toMatchObject([{ type: 'hello' }]);
      expect(echo.log[0]?.text).toMatch(/framing version 2, expected 1/);
    });
  });
});

describe('half-open connections', () => {
  it.each([
    ['nothing at all', ''],
    ['a part of a hello', 'd2535046010000'],
  ])('%s, then silence: ended after the time for the handshake', async (_name, hex) => {
    await withHonest({}, async (echo) => {
      const silent = new RawPeer(echo.local).bytes(Buffer.from(hex, 'hex'));
      await silent.ended();
      expect(echo.log.map(({ text }) => text)).toEqual(['no hello from the peer within 200 ms']);
      expect(echo.accepted.length).toBe(1);
    });
  });

  it('a hello byte by byte that never ends is ended too', async () => {
    await withHonest({}, async (echo) => {
      const slow = new RawPeer(echo.local);
      const hello = Buffer.from('d253504601000100', 'hex'); // says that it is 256 bytes long
      let at = 0;
      const drip = setInterval(() => slow.bytes(Buffer.of(hello[at++] ?? 0)), 20);
      await slow.ended();
      clearInterval(drip);
      expect(echo.log[0]?.text).toMatch(/no hello/);
    });
  });

  it.each([
    ['hello', []],
    ['hello and a part of a frame', [dataFrame(message('never complete')).subarray(0, 15)]],
  ])("%s, then silence: 'lost' after the heartbeat timeout", async (_name, rest) => {
    await withHonest({}, async (echo) => {
      const silent = new RawPeer(echo.local).hello().bytes(...rest);
      await silent.ended();
      const heard = echo.accepted[1];
      expect(await heard?.ended()).toBe('lost');
      expect(heard?.received).toEqual([]);
      expect(echo.log.map(({ text }) => text)).toEqual(['nothing heard for 200 ms']);
    });
  });

  it('one that sends a byte now and then is not silent: its message arrives', async () => {
    await withHonest({}, async (echo) => {
      const slow = new RawPeer(echo.local).hello();
      for (const byte of dataFrame(message('slow but honest'))) {
        slow.bytes(Uint8Array.of(byte));
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
      await slow.until(() => slow.frames.some((frame) => frame.type === 'data') || slow.over);
      expect(echo.accepted[1]?.received).toEqual([message('slow but honest')]);
      slow.socket.destroy();
    });
  });
});

describe('hostile peers', () => {
  const tooLong = Buffer.from('01000000001000050000000b', 'hex'); // DATA of 1 MiB and a byte
  it.each([
    ['a message over the limit', [tooLong], /message of 1048577 bytes, limit 1048576/],
    ['a frame type that does not exist', [Buffer.from('0900000000000004', 'hex')], /frame type 9/],
    ['a second hello', [Buffer.from('d2535046010000100000ffff00000000', 'hex')], /frame type 210/],
    [
      'an acknowledgement of what was not sent',
      [Buffer.from('020000000000000400000001', 'hex')],
      /acknowledgement of 1/,
    ],
    [
      'DATA after CLOSE',
      [Buffer.from('050000000000000400000000', 'hex'), dataFrame(message('late'))],
      /DATA after CLOSE/,
    ],
  ])("%s: 'aborted', and the peer is told why", async (_name, bytes, text) => {
    await withHonest({}, async (echo) => {
      const hostile = new RawPeer(echo.local).hello().bytes(Buffer.concat(bytes));
      await hostile.ended();
      expect(await echo.accepted[1]?.ended()).toBe('aborted');
      const told = hostile.frames.at(-1);
      expect(told?.type === 'abort' ? told.text : told).toMatch(text);
      expect(echo.log.map((entry) => entry.text)).toMatchObject([told?.type === 'abort' ? told.text : '']);
    });
  });

  it('random bytes after the hello break only their own association', async () => {
    await withHonest({}, async (echo) => {
      for (let round = 0; round < 30; round += 1) {
        const hostile = new RawPeer(echo.local).hello().bytes(randomBytes(5_000));
        await hostile.ended();
      }
      expect(echo.accepted.length).toBe(31);
    });
  });

  it('a flood of heartbeats is answered once for each turn, not once for each', async () => {
    await withHonest({}, async (echo) => {
      const count = 20_000;
      const hostile = new RawPeer(echo.local).hello();
      const flood = Buffer.alloc(16 * count);
      for (let index = 0; index < count; index += 1) {
        flood.writeUInt8(3, 16 * index);
        flood.writeUInt32BE(8, 16 * index + 4);
        flood.writeUInt32BE(index, 16 * index + 12);
      }
      hostile.bytes(flood);
      const last = (): boolean =>
        hostile.frames.some((frame) => frame.type === 'heartbeat-ack' && frame.token === count - 1);
      await hostile.until(() => last() || hostile.over);
      expect(last()).toBe(true);
      expect(hostile.frames.filter((frame) => frame.type === 'heartbeat-ack').length).toBeLessThan(
        count / 100,
      );
      hostile.socket.destroy();
    });
  });

  it('connections over the limit are refused until others have gone', async () => {
    const limits = { maxAssociationsPerEndpoint: 10 };
    await withHonest({ limits, timing: { handshakeTimeoutMs: 10_000 } }, async (echo) => {
      const held = Array.from({ length: 9 }, () => new RawPeer(echo.local).hello());
      for (const peer of held) await peer.until(() => peer.frames.length > 0);
      const flood = Array.from({ length: 50 }, () => new RawPeer(echo.local).hello());
      for (const peer of flood) await peer.ended();
      expect(flood.flatMap((peer) => peer.frames)).toEqual([]);
      expect(echo.accepted.length).toBe(10);
      expect(echo.log[0]?.text).toBe('more than 10 associations');
      const refused = echo.connect();
      expect(await refused.notes.ended()).toBe('unreachable');
      held[0]?.socket.destroy();
      await echo.accepted[1]?.ended();
      expect(await works(echo.connect())).toBe(true);
      for (const peer of held) peer.socket.destroy();
    });
  });

  it("a peer that does not read: 'aborted' at the limit, with everything handed back", async () => {
    const limits = {
      maxMessageBytes: 10_000,
      highWaterBytes: 20_000,
      lowWaterBytes: 10_000,
      maxBufferedBytes: 3_000_000,
    };
    await withHonest({ limits }, async (echo) => {
      const deaf = new RawPeer(echo.local).hello();
      await deaf.until(() => deaf.frames.length > 0);
      deaf.socket.pause();
      const side = echo.accepted[1];
      const data = { payloadProtocolId: 0, streamId: 0, data: new Uint8Array(10_000) };
      let sent = 0;
      for (; sent < 1_000 && side?.down === undefined; sent += 1) {
        side?.association?.send(data);
        if (sent % 50 === 0) await new Promise((resolve) => setImmediate(resolve));
      }
      expect(await side?.ended()).toBe('aborted');
      const atLimit = Math.floor(3_000_000 / (10_000 + 64)) + 1;
      expect(side?.down?.undelivered.length).toBeGreaterThanOrEqual(atLimit);
      expect(side?.down?.undelivered.length).toBeLessThanOrEqual(sent);
      expect(echo.log[0]?.text).toMatch(/more than 3000000 bytes are waiting/);
      deaf.socket.destroy();
    });
  });

  it('a message that the peer does not take ends the association and is handed back', async () => {
    await withHonest({}, async (echo) => {
      const small = new RawPeer(echo.local).hello(10);
      await small.until(() => small.frames.length > 0);
      echo.accepted[1]?.association?.send(message('0123456789'));
      echo.accepted[1]?.association?.send(message('0123456789a'));
      expect(await echo.accepted[1]?.ended()).toBe('aborted');
      expect(echo.accepted[1]?.down?.undelivered).toEqual([message('0123456789'), message('0123456789a')]);
      expect(echo.log[0]?.text).toMatch(/message of 11 bytes, the peer takes 10/);
    });
  });
});
