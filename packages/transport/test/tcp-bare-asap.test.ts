import { describe, expect, it } from 'vitest';
import { EchoEndpoint, message } from './support/echo-endpoint.ts';
import { RawPeer } from './support/raw-peer.ts';

const hex = (text: string): Buffer => Buffer.from(text.replaceAll(' ', ''), 'hex');
const resolution = hex('05 00 0012 0009 000e 4563686f506f6f6c0000 0000'); // 18 bytes and 2 of padding
const keepAliveAck = hex('08 00 0004');

// RFC 5352 section 2.1 lets a pool user speak ASAP over TCP; section 5 and RFC 5354 section 4 give the boundaries.
describe('ASAP over TCP without framing', () => {
  it('messages come in with the payload protocol identifier of ASAP, and answers go out as they are', async () => {
    const echo = await EchoEndpoint.open({ acceptBareAsap: true });
    const user = new RawPeer(echo.local).bytes(
      resolution,
      keepAliveAck.subarray(0, 3),
      keepAliveAck.subarray(3),
    );
    await user.until(() => user.received.length === resolution.length + keepAliveAck.length);
    expect(user.received).toEqual(Buffer.concat([resolution, keepAliveAck]));
    const expected = [resolution, keepAliveAck].map((data) => ({
      payloadProtocolId: 11,
      streamId: 0,
      data: new Uint8Array(data),
    }));
    expect(echo.accepted[0]?.received).toEqual(expected);
    user.socket.end();
    expect(await echo.accepted[0]?.ended()).toBe('closed');
    expect(echo.accepted[0]?.down?.undelivered).toEqual([]);
    await user.ended();
  });

  it('framed associations are accepted on the same port', async () => {
    const echo = await EchoEndpoint.open({ acceptBareAsap: true });
    const { notes, association } = echo.connect();
    association.send(message('framed'));
    await notes.until(() => notes.received.length > 0);
    expect(notes.received).toEqual([message('framed')]);
  });

  it('close delivers what was sent and ends the connection', async () => {
    const echo = await EchoEndpoint.open({ acceptBareAsap: true });
    const user = new RawPeer(echo.local).bytes(keepAliveAck);
    await user.until(() => user.received.length > 0);
    const { association } = echo.accepted[0] ?? {};
    for (let index = 0; index < 1_000; index += 1)
      association?.send({ payloadProtocolId: 11, streamId: 0, data: resolution });
    association?.close();
    await user.ended();
    expect(user.received.length).toBe(keepAliveAck.length + 1_000 * resolution.length);
    expect(await echo.accepted[0]?.ended()).toBe('closed');
  });

  it('close ends the connection while the application has paused', async () => {
    const echo = await EchoEndpoint.open({ acceptBareAsap: true, timing: { closeTimeoutMs: 60_000 } });
    const user = new RawPeer(echo.local).bytes(keepAliveAck);
    await user.until(() => user.received.length > 0);
    echo.accepted[0]?.association?.pause();
    user.bytes(keepAliveAck); // stays unread
    await new Promise((resolve) => setTimeout(resolve, 50));
    echo.accepted[0]?.association?.close();
    await user.ended();
    expect(await echo.accepted[0]?.ended()).toBe('closed');
  });

  it('is silent without being taken for dead', async () => {
    const echo = await EchoEndpoint.open({ acceptBareAsap: true });
    const user = new RawPeer(echo.local).bytes(keepAliveAck);
    await user.until(() => user.received.length > 0);
    await new Promise((resolve) => setTimeout(resolve, 500)); // the heartbeat timeout is 200 ms
    user.bytes(keepAliveAck);
    await user.until(() => user.received.length === 2 * keepAliveAck.length || user.over);
    expect(echo.accepted[0]?.down).toBeUndefined();
    user.socket.destroy();
  });

  it('what is not ASAP cannot be sent to it', async () => {
    const echo = await EchoEndpoint.open({ acceptBareAsap: true });
    const user = new RawPeer(echo.local).bytes(keepAliveAck);
    await user.until(() => user.received.length > 0);
    echo.accepted[0]?.association?.send(message('application data', 0));
    expect(await echo.accepted[0]?.ended()).toBe('aborted');
    expect(echo.accepted[0]?.down?.undelivered).toEqual([message('application data', 0)]);
    await user.ended();
    expect(user.received.length).toBe(keepAliveAck.length);
  });

  it('a message that is shorter than its header ends it', async () => {
    const echo = await EchoEndpoint.open({ acceptBareAsap: true });
    const user = new RawPeer(echo.local).bytes(hex('05 00 0003'));
    await user.ended();
    expect(await echo.accepted[0]?.ended()).toBe('aborted');
    expect(echo.log.map(({ text }) => text)).toEqual(['ASAP message of length 3, expected at least 4']);
  });
});
