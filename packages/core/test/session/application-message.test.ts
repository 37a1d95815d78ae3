import { describe, expect, it } from 'vitest';
import type { Message } from '../../src/port/association.ts';
import { message } from './support/messages.ts';
import { SessionWorld } from './support/session-world.ts';

// The last one: RFC 5352 section 5 keeps the control channel for ASAP.
const wrong: [string, Partial<Message>][] = [
  ['without a byte', { data: new Uint8Array(0) }],
  ['that is larger than any transport carries', { data: new Uint8Array(101) }],
  ['on stream -1', { streamId: -1 }],
  ['on stream 65,536', { streamId: 65_536 }],
  ['on stream 0.5', { streamId: 0.5 }],
  ['with a payload protocol identifier of 33 bits', { payloadProtocolId: 2 ** 32 }],
  ['with a negative payload protocol identifier', { payloadProtocolId: -1 }],
  ['of the control channel', { payloadProtocolId: 11 }],
];

describe('an application message', () => {
  it.each(wrong)('%s is refused before it is queued', (_what, part) => {
    const world = new SessionWorld();
    const { session } = world.openSession({ maxMessageBytes: 100 });
    expect(() => session.send({ ...message('a'), ...part })).toThrow(RangeError);
    expect(session.state.messagesQueued).toBe(0);
  });

  it.each([
    ['as large as it may be', { data: new Uint8Array(100) }],
    ['on the last stream', { streamId: 65_535 }],
    ['of an unspecified protocol', { payloadProtocolId: 0 }],
    ['with the last payload protocol identifier', { payloadProtocolId: 2 ** 32 - 1 }],
  ])('%s is taken', (_what, part) => {
    const world = new SessionWorld();
    const { session } = world.openSession({ maxMessageBytes: 100 });
    expect(session.send({ ...message('a'), ...part })).toBe('wait');
  });
});
