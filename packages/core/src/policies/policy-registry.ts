import type { Policy } from '@rserpool/wire';
import type { PolicyDefinition } from './policy-definition.ts';

/** The policies that a handlespace knows, by name and by number. */
export class PolicyRegistry {
  readonly #byName = new Map<string, PolicyDefinition>();
  readonly #byType = new Map<number, PolicyDefinition>();

  constructor(definitions: Iterable<PolicyDefinition> = []) {
    for (const definition of definitions) this.register(definition);
  }

  /** Adds a policy. Throws a RangeError where its name or its number is taken, or where the number is not one. */
  register(definition: PolicyDefinition): void {
    const { name, type } = definition;
    if (
      !Number.isInteger(type) ||
      type < 0 ||
      type > 0xffffffff ||
      ((type & 0x3fffffff) === 0 && type < 0x80000000)
    ) {
      throw new RangeError(`policy ${name}: expected a type of RFC 5356 section 7.1, got ${type}`);
    }
    if (this.#byName.has(name)) throw new RangeError(`policy ${name}: the name is already registered`);
    const other = this.#byType.get(type);
    if (other !== undefined) {
      throw new RangeError(
        `policy ${name}: type 0x${type.toString(16)} is already registered as ${other.name}`,
      );
    }
    this.#byName.set(name, definition);
    this.#byType.set(type, definition);
  }

  /** The definition for an element's policy, or undefined where it is unknown. */
  find(policy: Policy): PolicyDefinition | undefined {
    return policy.name === 'other' ? this.#byType.get(policy.type) : this.#byName.get(policy.name);
  }
}
