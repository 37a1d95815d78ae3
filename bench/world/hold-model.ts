import { cpuTimeMs } from './cpu-time.ts';

/**
 * The floor: the hold model of the literature on event queues. A plain binary heap of times holds `pending` of them; each step
 * removes the least and inserts it again, later by a random time. Nothing happens at an event, and none can be cancelled.
 * @returns the processor time that it took, in milliseconds
 */
export function holdModel(pending: number, events: number): number {
  const heap = new Float64Array(pending);
  let random = 1;
  // xorshift32; exponential increments would only measure Math.log
  const increment = (): number => {
    random ^= random << 13;
    random ^= random >>> 17;
    random ^= random << 5;
    return (random >>> 0) / 0x1_0000_0000;
  };
  for (let index = 0; index < pending; index += 1) heap[index] = increment();
  heap.sort(); // sorted is a heap
  const startMs = cpuTimeMs();
  for (let event = 0; event < events; event += 1) sink(heap, (heap[0] ?? 0) + increment());
  return cpuTimeMs() - startMs;
}

/** Puts a time in the place of the least. */
function sink(heap: Float64Array, time: number): void {
  const size = heap.length;
  let hole = 0;
  for (;;) {
    let child = 2 * hole + 1;
    if (child >= size) break;
    let least = heap[child] ?? 0;
    const right = child + 1 < size ? (heap[child + 1] ?? 0) : Infinity;
    if (right < least) {
      child += 1;
      least = right;
    }
    if (time <= least) break;
    heap[hole] = least;
    hole = child;
  }
  heap[hole] = time;
}
