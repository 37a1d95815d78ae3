import type { Mutation } from './mutation.ts';

/** Of `core/src/handlespace`, `timer` and what all engines share. */
export const handlespaceMutations: readonly Mutation[] = [
  {
    name: 'checksum-not-updated-on-removal',
    broken: 'an element that leaves stays in the checksum of its owner',
    file: 'handlespace/owner.ts',
    from: '    this.size--;\n    this.#wordSum -= blockSum(element);',
    to: '    this.size--;',
  },
  {
    name: 'new-owner-without-leaving-the-old',
    broken: 'an element that re-registers with another registrar stays in the list of its former owner',
    file: 'handlespace/handlespace.ts',
    from: '      this.#disown(element);\n      this.#own(element, parameter.homeRegistrarId);',
    to: '      this.#own(element, parameter.homeRegistrarId);',
  },
  {
    name: 'removed-element-stays-in-policy-order',
    broken: 'a removed element can still be selected',
    file: 'handlespace/pool.ts',
    from: '    this.order.remove(element);\n',
    to: '',
  },
  {
    name: 'element-count-not-decremented',
    broken: 'the number of elements only grows',
    file: 'handlespace/handlespace.ts',
    from: '    this.#count--;\n',
    to: '',
  },
  {
    name: 'expiry-not-rescheduled',
    broken: 'a re-registration does not put off the end of the registration',
    file: 'handlespace/handlespace.ts',
    from: '    this.#deadlines.schedule(element);\n    return { ok: true, element, created: false };',
    to: '    return { ok: true, element, created: false };',
  },
  {
    name: 'expiry-not-cancelled',
    broken: 'an element that was removed expires all the same',
    file: 'handlespace/handlespace.ts',
    from: '    this.#deadlines.remove(record);\n',
    to: '',
  },
  {
    name: 'empty-pool-kept',
    broken: 'a pool without elements stays in the handlespace',
    file: 'handlespace/handlespace.ts',
    from: '    if (pool.size === 0) this.#poolsByHandle.delete(pool.handle);\n',
    to: '',
  },
  {
    name: 'mark-not-cleared',
    broken: 'an element that a peer lists again is swept as if it were not listed',
    file: 'handlespace/handlespace.ts',
    from: '    } else if (element.owner !== undefined) element.generation = element.owner.generation;',
    to: '    }',
  },
  {
    name: 'user-view-not-renewed',
    broken: 'users are given the attributes that an element had before its re-registration',
    file: 'handlespace/element.ts',
    from: '    this.userView = undefined;\n',
    to: '',
  },
  {
    name: 'first-element-of-a-table-lost',
    broken: 'a handle table begins with its second element',
    file: 'handlespace/handle-table.ts',
    from: '    this.#upcoming = this.#advance();\n  }\n',
    to: '    this.#advance();\n    this.#upcoming = this.#advance();\n  }\n',
  },
  {
    name: 'alarm-not-cancelled',
    broken: 'an alarm that is cancelled rings all the same',
    file: 'registrar/alarm.ts',
    from: '  cancel(): void {\n    this.#timer?.cancel();\n    this.#timer = undefined;\n    this.#onExpiry = undefined;\n',
    to: '  cancel(): void {\n',
  },
];
