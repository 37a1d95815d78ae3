import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, it } from 'vitest';
import { runSteadyWorld } from '../../src/index.ts';

const minutes = 90;
const lookEvery = 30;
/** What the heap may differ by chance: strings, compiled code. */
const slackBytes = 1_000_000;

it('a world in which nothing is wrong takes no more memory after an hour and a half than after half an hour', () => {
  setFlagsFromString('--expose-gc');
  const collectGarbage = runInNewContext('gc') as () => void;
  const heapBytes: number[] = [];
  runSteadyWorld(4, minutes, (minute) => {
    if (minute % lookEvery !== 0) return;
    collectGarbage();
    heapBytes.push(process.memoryUsage().heapUsed);
  });
  const [first = 0, , last = 0] = heapBytes;
  expect(heapBytes.length).toBe(minutes / lookEvery);
  expect(last - first, heapBytes.join(' ')).toBeLessThan(slackBytes);
}, 240_000);
