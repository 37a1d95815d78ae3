import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Message } from '../../src/port/association.ts';
import { Outbox } from '../../src/session/outbox.ts';

const messages = fc
  .integer({ min: 0, max: 40 })
  .map((lengthBytes): Message => ({ payloadProtocolId: 0, streamId: 0, data: new Uint8Array(lengthBytes) }));

type Step = { push: Message } | { prepend: Message[] } | 'shift' | 'takeAll';
const steps: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ push: messages }) },
  { weight: 1, arbitrary: fc.record({ prepend: fc.array(messages, { maxLength: 5 }) }) },
  { weight: 4, arbitrary: fc.constant('shift' as const) },
  { weight: 1, arbitrary: fc.constant('takeAll' as const) },
);

describe('outbox', () => {
  it('does what an array and its limits would', () => {
    fc.assert(
      fc.property(fc.array(steps, { maxLength: 100 }), (run) => {
        const [maxMessages, maxBytes] = [5, 100];
        const outbox = new Outbox(maxMessages, maxBytes);
        let model: Message[] = [];
        const bytes = (): number => model.reduce((sum, { data }) => sum + data.length, 0);
        for (const step of run) {
          if (step === 'shift') expect(outbox.shift()).toBe(model.shift());
          else if (step === 'takeAll') {
            expect(outbox.takeAll()).toEqual(model);
            model = [];
          } else if ('prepend' in step) {
            outbox.prepend(step.prepend);
            model.unshift(...step.prepend);
          } else {
            const fits =
              model.length === 0 ||
              (model.length < maxMessages && bytes() + step.push.data.length <= maxBytes);
            expect(outbox.push(step.push)).toBe(fits);
            if (fits) model.push(step.push);
          }
          expect([outbox.length, outbox.sizeBytes]).toEqual([model.length, bytes()]);
        }
      }),
    );
  });
});
