import { encodeAsap, encodeEnrp, maxMessageBytes, poolHandleFromBytes } from '@rserpool/wire';
import type { PoolElementParameter } from '@rserpool/wire';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { elementBytes, elementsPerTablePage } from '../../src/registrar/message-size.ts';
import { defaultRegistrarLimits } from '../../src/registrar/registrar-limits.ts';

const address = fc.integer({ min: 1, max: 0xffff }).map((low) => `2001:db8:1:2:3:4:5:${low.toString(16)}`);
const sctp = fc
  .array(address, { minLength: 1, maxLength: 8 })
  .map((addresses) => ({ protocol: 'sctp', port: 1, use: 'data', addresses }) as const);
const element: fc.Arbitrary<PoolElementParameter> = fc.record({
  elementId: fc.integer({ min: 1, max: 0xffffffff }),
  homeRegistrarId: fc.constant(1),
  registrationLifeMs: fc.constant(300_000),
  userTransport: fc.oneof(
    sctp,
    fc.uint8Array({ maxLength: 200 }).map((data) => ({ protocol: 'opaque', data }) as const),
  ),
  policy: fc.oneof(
    fc.constant({
      name: 'priority-least-used-degradation-dpf',
      load: 1,
      degradation: 2,
      loadDpf: 3,
      distanceMs: 4,
    } as const),
    fc.uint8Array({ maxLength: 200 }).map((data) => ({ name: 'other', type: 0x80000001, data }) as const),
  ),
  asapTransport: sctp,
});
const poolHandle = poolHandleFromBytes(new Uint8Array(256).fill(65));
const resolution = (elements: readonly PoolElementParameter[]): Uint8Array =>
  encodeAsap(
    { type: 'handle-resolution-response', subscribed: false, poolHandle, elements, causes: [] },
    'rsplib',
  );

it('the estimate of an element is never too low', () => {
  const empty = resolution([]).length;
  fc.assert(
    fc.property(element, (each) => {
      expect(resolution([each]).length - empty).toBeLessThanOrEqual(elementBytes(each));
    }),
  );
});

it('a page of the largest elements, each with its handle, fits a message', () => {
  const { maxElementBytes } = defaultRegistrarLimits;
  fc.assert(
    fc.property(element, (each) => {
      fc.pre(elementBytes(each) <= maxElementBytes);
      const pools = Array.from({ length: elementsPerTablePage(defaultRegistrarLimits) }, () => ({
        poolHandle,
        elements: [each],
      }));
      const header = { senderId: 1, receiverId: 2, rejected: false, more: true } as const;
      const bytes = encodeEnrp({ type: 'handle-table-response', ...header, pools }, 'rsplib');
      expect(bytes.length).toBeLessThanOrEqual(maxMessageBytes);
    }),
  );
});
