import fc from 'fast-check';
import { expect, test } from 'vitest';
import { SlotRings } from '../../src/structures/slot-rings.ts';

const steps = fc.array(
  fc.record({ kind: fc.constantFrom('insert', 'remove', 'turn'), ring: fc.nat(2), slot: fc.nat(20) }),
  { maxLength: 200, size: 'max' },
);

test('slot rings are circular lists', () => {
  fc.assert(
    fc.property(steps, (sequence) => {
      const rings = new SlotRings();
      const model: number[][] = [[], [], []]; // each from its head on
      const heads = [-1, -1, -1];
      for (const { kind, ring, slot } of sequence) {
        const holder = model.findIndex((list) => list.includes(slot));
        const list = model[ring] ?? [];
        if (kind === 'insert' && holder < 0) {
          rings.insertBefore(heads[ring] ?? -1, slot);
          if (list.length === 0) heads[ring] = slot;
          list.push(slot);
        } else if (kind === 'remove' && holder >= 0) {
          const from = model[holder] ?? [];
          const position = from.indexOf(slot);
          const next = from.length === 1 ? -1 : from[(position + 1) % from.length];
          expect(rings.remove(slot)).toBe(next);
          if (heads[holder] === slot) heads[holder] = next ?? -1;
          from.splice(position, 1);
        } else if (kind === 'turn' && list.length > 0) {
          heads[ring] = rings.next(heads[ring] ?? -1);
          list.push(...list.splice(0, 1));
        }
        for (const [index, expected] of model.entries()) {
          const found: number[] = [];
          for (let at = heads[index] ?? -1; found.length < expected.length; at = rings.next(at))
            found.push(at);
          expect(found).toEqual(expected);
          if (expected.length > 0) expect(rings.previous(heads[index] ?? -1)).toBe(expected.at(-1));
        }
      }
    }),
  );
});
