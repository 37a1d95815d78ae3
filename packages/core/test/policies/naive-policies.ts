import type { Policy, PolicyName } from '@rserpool/wire';

/** An element as the naive models see it. */
interface Entry {
  readonly id: number;
  policy: Policy;
  distanceMs: number;
  counter: number;
}

/** RFC 5356 read literally, with lists and sorting. */
export interface NaivePolicy {
  put(id: number, policy: Policy, distanceMs?: number): void;
  remove(id: number): void;
  setDistance?(id: number, distanceMs: number): void;
  select(items: number, increments?: number): number[];
}

/** Section 4.1.2: a circular list, of which the head is the first one here. */
export class NaiveRoundRobin implements NaivePolicy {
  private readonly list: number[] = [];

  put(id: number): void {
    if (!this.list.includes(id)) this.list.push(id);
  }

  remove(id: number): void {
    const index = this.list.indexOf(id);
    if (index >= 0) this.list.splice(index, 1);
  }

  select(items: number, increments = 1): number[] {
    const selected = this.list.slice(0, items);
    this.list.push(...this.list.splice(0, Math.min(increments, selected.length)));
    return selected;
  }
}

const full = 0xffffffff;
type Numbers = Readonly<Record<'load' | 'degradation' | 'loadDpf' | 'priority', number>>;

/** What is to be lowest, by policy, from the values and the degradation counter. */
const values: Partial<Record<PolicyName, (values: Numbers, counter: number, distanceMs: number) => number>> =
  {
    priority: ({ priority }) => -priority,
    'least-used': ({ load }) => load,
    'least-used-degradation': ({ load, degradation }, counter) => load + counter * degradation,
    'priority-least-used': ({ load, degradation }) => load + degradation,
    'priority-least-used-degradation': ({ load, degradation }, counter) =>
      load + degradation + counter * degradation,
    'least-used-dpf': ({ load, loadDpf }, _, distanceMs) => Math.min(full, load + distanceMs * loadDpf),
    'least-used-degradation-dpf': ({ load, degradation, loadDpf }, counter, distanceMs) =>
      Math.min(full, load + distanceMs * loadDpf) + counter * degradation,
    'priority-least-used-dpf': ({ load, degradation, loadDpf }, _, distanceMs) =>
      Math.min(full, load + distanceMs * loadDpf) + degradation,
    'priority-least-used-degradation-dpf': ({ load, degradation, loadDpf }, counter, distanceMs) =>
      Math.min(full, load + distanceMs * loadDpf) + degradation + counter * degradation,
  };

/** The policies that sort by a value. */
export const sortedPolicyNames = Object.keys(values) as readonly PolicyName[];

/** Sections 4.5 and 5.1 to 5.3: the lowest values, round robin among equals: who had the last turn longest ago is first. */
export class NaiveSorted implements NaivePolicy {
  private readonly entries: Entry[] = []; // in the order of their last turns
  private readonly name: PolicyName;

  constructor(name: PolicyName) {
    this.name = name;
  }

  put(id: number, policy: Policy, distanceMs = 0): void {
    const entry = this.entries.find((candidate) => candidate.id === id);
    if (entry === undefined) this.entries.push({ id, policy, distanceMs, counter: 0 });
    else Object.assign(entry, { policy, distanceMs, counter: 0 });
  }

  setDistance(id: number, distanceMs: number): void {
    for (const entry of this.entries) if (entry.id === id) entry.distanceMs = distanceMs;
  }

  remove(id: number): void {
    const index = this.entries.findIndex((entry) => entry.id === id);
    if (index >= 0) this.entries.splice(index, 1);
  }

  select(items: number, increments?: number): number[] {
    const sorted = this.entries.slice().sort((a, b) => this.value(a) - this.value(b)); // a stable sort
    const selected = sorted.slice(0, items);
    for (const entry of selected.slice(0, increments ?? items)) entry.counter++;
    for (const entry of selected.slice(0, increments ?? 1)) {
      this.entries.splice(this.entries.indexOf(entry), 1);
      this.entries.push(entry);
    }
    return selected.map((entry) => entry.id);
  }

  private value({ policy, counter, distanceMs }: Entry): number {
    const zero = { load: 0, degradation: 0, loadDpf: 0, priority: 0 };
    return values[this.name]?.({ ...zero, ...policy }, counter, distanceMs) ?? NaN;
  }
}

interface WeightList {
  readonly weight: number;
  /** Elements, from the next one on; `waits` where its turn in this pass is still to come. */
  readonly ring: { readonly id: number; waits: boolean }[];
  pass: number;
}

/**
 * Section 4.2.2: of a class with n elements of weight w, entry number t of a round (0 to n * w - 1) is at the position
 * (t + 1/2) / (n * w) of the circular list and belongs to each of the elements in turn.
 */
export class NaiveWeightedRoundRobin implements NaivePolicy {
  private lists: (WeightList | undefined)[] = []; // earlier ones win ties
  private readonly freePlaces: number[] = []; // in `lists`; the last one that became free is taken first
  private lastTurn: [round: number, position: number] = [0, 0];

  put(id: number, policy: Policy): void {
    const weight = 'weight' in policy ? policy.weight : 0;
    const old = this.lists.find((list) => list?.ring.some((entry) => entry.id === id));
    if (old?.weight === weight) return;
    const waited = old?.ring.find((entry) => entry.id === id)?.waits === true;
    this.remove(id);
    if (weight === 0) return;
    const list = this.lists.find((candidate) => candidate?.weight === weight) ?? this.createList(weight);
    if (waited) list.ring.unshift({ id, waits: true });
    else list.ring.push({ id, waits: list.ring.every((entry) => entry.waits) });
  }

  remove(id: number): void {
    for (const [index, list] of this.lists.entries()) {
      const position = list?.ring.findIndex((entry) => entry.id === id) ?? -1;
      if (list === undefined || position < 0) continue;
      list.ring.splice(position, 1);
      if (list.ring.length > 0) {
        endPass(list);
        continue;
      }
      this.lists[index] = undefined;
      this.freePlaces.push(index);
    }
  }

  /** Walks the circular list on a copy until it has met enough different elements, then goes on as far as was used. */
  select(items: number, increments = 1): number[] {
    const selected: number[] = [];
    const copy = new NaiveWeightedRoundRobin();
    copy.lists = structuredClone(this.lists);
    const all = copy.lists.reduce((sum, list) => sum + (list?.ring.length ?? 0), 0);
    const used: number[] = [];
    while (selected.length < Math.min(items, all)) {
      const id = copy.advance();
      if (id === undefined || selected.includes(id)) continue;
      if (selected.length < increments) used.push(id);
      selected.push(id);
    }
    // An entry that was used is taken out of the walk, in front of those that repeat an element and were passed over.
    for (const id of used) this.useNextEntryOf(id);
    return selected;
  }

  private useNextEntryOf(id: number): void {
    const list = this.lists.find((candidate) => candidate?.ring[0]?.id === id);
    if (list === undefined) throw new Error(`element ${id} is not the next one of its weight`);
    this.lastTurn = place(list);
    takeTurn(list);
  }

  private advance(): number | undefined {
    const next = this.next();
    if (next === undefined) return undefined;
    const id = next.ring[0]?.id;
    takeTurn(next);
    return id;
  }

  private next(): WeightList | undefined {
    let best: WeightList | undefined;
    for (const list of this.lists) {
      if (list !== undefined && (best === undefined || compare(place(list), place(best)) < 0)) best = list;
    }
    return best;
  }

  private createList(weight: number): WeightList {
    const [round, position] = this.lastTurn;
    let pass = round * weight; // its first entry not before the last turn
    while ((pass - round * weight + 0.5) / weight < position) pass++;
    const list = { weight, ring: [], pass };
    this.lists[this.freePlaces.pop() ?? this.lists.length] = list;
    return list;
  }
}

function takeTurn(list: WeightList): void {
  const [entry] = list.ring.splice(0, 1);
  if (entry === undefined) return;
  list.ring.push({ id: entry.id, waits: false });
  endPass(list);
}

function endPass(list: WeightList): void {
  if (list.ring.some((entry) => entry.waits)) return;
  list.pass++;
  for (const entry of list.ring) entry.waits = true;
}

function place({ weight, ring, pass }: WeightList): [round: number, position: number] {
  const taken = ring.filter((entry) => !entry.waits).length;
  const entry = (pass % weight) * ring.length + taken;
  return [Math.floor(pass / weight), (entry + 0.5) / (ring.length * weight)];
}

function compare(a: readonly [number, number], b: readonly [number, number]): number {
  return a[0] - b[0] || a[1] - b[1];
}
