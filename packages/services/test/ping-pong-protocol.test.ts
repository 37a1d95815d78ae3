import { decodePingPong, decodePingPongCookie } from '@rserpool/wire';
import { expect, test } from 'vitest';
import { PongNumbering } from '../src/ping-pong/protocol.ts';

const ping = (messageNumber: bigint) =>
  ({ type: 'ping', messageNumber, data: new Uint8Array([1, 2, 3]) }) as const;

test("replies are numbered from 1, and the cookie says the next number, as RSPLIB's does", () => {
  const numbering = new PongNumbering();
  numbering.answer(ping(5n));
  const { pong, state } = numbering.answer(ping(9n));
  expect(decodePingPong(pong)).toMatchObject({
    ok: true,
    message: { type: 'pong', messageNumber: 9n, replyNumber: 2n, data: new Uint8Array([1, 2, 3]) },
  });
  expect(decodePingPongCookie(state)).toMatchObject({ ok: true, message: { nextReplyNumber: 3n } });
  // reference/rsplib.md section 2.10: `<PP-TD1>` and the reply number in 8 bytes
  expect(Buffer.from(state).toString('latin1')).toBe('<PP-TD1>\0\0\0\0\0\0\0\x03');
});

test('the next element goes on where the cookie says', () => {
  const first = new PongNumbering();
  first.answer(ping(1n));
  const { state } = first.answer(ping(2n));
  const second = new PongNumbering();
  expect(second.resume(state)).toBe(true);
  expect(decodePingPong(second.answer(ping(3n)).pong)).toMatchObject({ message: { replyNumber: 3n } });
});

test.each([
  ['nothing', new Uint8Array()],
  ['another service', new TextEncoder().encode('<FG-TD1>12345678')],
  ['cut', new TextEncoder().encode('<PP-TD1>1234567')],
])('a cookie of %s is ignored', (_name, cookie) => {
  const numbering = new PongNumbering();
  expect(numbering.resume(cookie)).toBe(false);
  expect(decodePingPong(numbering.answer(ping(1n)).pong)).toMatchObject({ message: { replyNumber: 1n } });
});
