import fc from 'fast-check';
import { expect, test } from 'vitest';
import { CountingAccount } from '../../src/endurance/counting-account.ts';
import {
  decodeAnswer,
  decodeRequest,
  encodeAnswer,
  encodeRequest,
} from '../../src/endurance/counting-protocol.ts';
import { RequestBook } from '../../src/endurance/request-book.ts';
import { RandomStream } from '../../src/world/random-stream.ts';

/** An element's account and the state that it left last. */
class Element {
  state: Uint8Array | undefined;
  #account: CountingAccount | undefined;

  serve(bytes: Uint8Array): Uint8Array {
    const request = decodeRequest(bytes);
    if (request === undefined) throw new Error('expected a request');
    this.#account ??= this.state === undefined ? undefined : CountingAccount.resume(this.state);
    this.#account ??= new CountingAccount(request.nonce);
    const reply = this.#account.take(request);
    if (reply === undefined) throw new Error('expected an answer');
    this.state = reply.state ?? this.state;
    return reply.answer;
  }
}

const newBook = (): RequestBook => new RequestBook(new RandomStream(1, 'book'));

test('requests and answers survive the wire, and no single wrong bit is taken for right', () => {
  const uint32 = fc.integer({ min: 0, max: 0xffffffff });
  fc.assert(
    fc.property(
      uint32,
      uint32,
      fc.uint8Array({ maxLength: 50 }),
      uint32,
      fc.nat(),
      (nonce, number, payload, hash, at) => {
        const request = { nonce, number, payload };
        const requestBytes = encodeRequest(request);
        expect(decodeRequest(requestBytes)).toEqual(request);
        const answer = { type: 'answer', nonce, number, hash } as const;
        const answerBytes = encodeAnswer(answer);
        expect(decodeAnswer(answerBytes)).toEqual(answer);
        for (const bytes of [requestBytes, answerBytes]) {
          const bit = at % (bytes.length * 8);
          bytes[bit >> 3] = (bytes[bit >> 3] ?? 0) ^ (1 << (bit & 7));
          expect(decodeRequest(bytes) ?? decodeAnswer(bytes)).toBeUndefined();
        }
      },
    ),
  );
});

test('another element goes on from the state, and answers again what was answered', () => {
  const book = newBook();
  const first = new Element();
  const [one, two, three] = [book.next(0), book.next(0), book.next(0)];
  const answerToOne = first.serve(one);
  expect(book.take(answerToOne)).toBe('answered');
  first.serve(two); // its answer is lost
  const second = new Element();
  second.state = first.state;
  expect(book.take(second.serve(two))).toBe('answered');
  expect(book.take(second.serve(three))).toBe('answered');
  expect(book.take(answerToOne)).toBe('repeated');
  expect(book.waitingCount).toBe(0);
});

test('answers out of order are not taken: what is missing is asked for again', () => {
  const book = newBook();
  const element = new Element();
  const [one, two] = [book.next(0), book.next(0)];
  const answerToOne = element.serve(one);
  expect(book.take(element.serve(two))).toBe('gap');
  expect(book.unanswered()).toHaveLength(2);
  expect(book.take(answerToOne)).toBe('answered');
  expect(book.take(element.serve(two))).toBe('answered');
});

test('an element that misses requests says so', () => {
  const book = newBook();
  const element = new Element();
  const [one, two] = [book.next(0), book.next(0)];
  element.serve(one);
  const late = new Element();
  expect(book.take(late.serve(two))).toBe('gap'); // it expects the first, which was not answered
});

test('an element that has lost the state cannot go on as if nothing were', () => {
  const book = newBook();
  const element = new Element();
  expect(book.take(element.serve(book.next(0)))).toBe('answered');
  const forgetful = new Element();
  expect(book.take(forgetful.serve(book.next(0)))).toBe('state-lost');
});

test('an intact answer that is not the right one is found', () => {
  const book = newBook();
  const element = new Element();
  const request = book.next(0);
  const answer = decodeAnswer(element.serve(request));
  if (answer === undefined) throw new Error('expected an answer');
  expect(book.take(encodeAnswer({ ...answer, hash: answer.hash ^ 1 }))).toBe('wrong');
  expect(book.take(encodeAnswer({ ...answer, nonce: answer.nonce ^ 1 }))).toBe('wrong');
  expect(book.take(encodeAnswer({ ...answer, number: 2 }))).toBe('wrong');
});
