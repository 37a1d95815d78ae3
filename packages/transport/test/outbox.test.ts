import type { Message } from '@rserpool/core';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Outbox } from '../src/outbox.ts';

const overheadBytes = 64;

it('holds what is not acknowledged, like a plain list', () => {
  const action = fc.oneof(
    fc.record({ add: fc.nat(50) }),
    fc.record({ send: fc.nat(5) }),
    fc.record({ acknowledge: fc.nat(5) }),
  );
  fc.assert(
    fc.property(fc.array(action, { maxLength: 200 }), (actions) => {
      const outbox = new Outbox();
      let model: Message[] = [];
      let sent = 0;
      for (const step of actions) {
        if ('add' in step) {
          const message = { payloadProtocolId: model.length, streamId: 0, data: new Uint8Array(step.add) };
          outbox.add(message);
          model.push(message);
        } else if ('send' in step) {
          for (let left = step.send; left > 0 && sent < model.length; left -= 1) {
            expect(outbox.nextUnsent).toBe(model[sent]);
            outbox.markSent();
            sent += 1;
          }
        } else {
          const count = Math.min(step.acknowledge, sent);
          outbox.acknowledge(count);
          model = model.slice(count);
          sent -= count;
        }
        expect(outbox.undelivered()).toEqual(model);
        expect([outbox.sentCount, outbox.unsentCount]).toEqual([sent, model.length - sent]);
        expect(outbox.bytes).toBe(model.reduce((sum, { data }) => sum + data.length + overheadBytes, 0));
      }
      expect(outbox.nextUnsent).toBe(model[sent]);
    }),
  );
});
