import type { Words } from './words.ts';
import { readIdentifier } from './quantities.ts';

/** What a conversation is made of. `peer` and `client` send what the file says, the others are engines. */
export const componentKinds = ['registrar', 'element', 'user', 'peer', 'client'] as const;

export type ComponentKind = (typeof componentKinds)[number];

/** What can come after a list of names. */
const ends: ReadonlySet<string> = new Set([',', ':', 'on']);

/** An element of a pool, as it is written: `EchoPool/e1`, or with its identifier, `EchoPool/17`. */
export interface ElementName {
  readonly pool: string;
  readonly elementId: number;
}

/** The names that a conversation file declares. */
export class Names {
  readonly #kinds = new Map<string, ComponentKind | 'host'>();
  readonly #registrarIds = new Map<string, number>();
  readonly #elementIds = new Map<string, number>();

  declare(name: string, kind: ComponentKind | 'host'): void {
    this.#kinds.set(name, kind);
  }

  kindOf(name: string): ComponentKind | 'host' | undefined {
    return this.#kinds.get(name);
  }

  all(...kinds: readonly ComponentKind[]): string[] {
    return [...this.#kinds]
      .filter(([, kind]) => kinds.some((wanted) => wanted === kind))
      .map(([name]) => name);
  }

  /** Who has this identifier: of registrars and peers, or of elements. */
  ownerOf(kind: 'registrar' | 'element', id: number): string | undefined {
    const ids = kind === 'registrar' ? this.#registrarIds : this.#elementIds;
    return [...ids].find(([, known]) => known === id)?.[0];
  }

  setId(kind: 'registrar' | 'element', name: string, id: number): void {
    (kind === 'registrar' ? this.#registrarIds : this.#elementIds).set(name, id);
  }

  /** The identifier that a registrar, a peer or an element begins with. */
  idOf(name: string): number | undefined {
    return this.#registrarIds.get(name) ?? this.#elementIds.get(name);
  }

  /** Reads the name of a component of one of some kinds, or of any. */
  read(words: Words, ...kinds: readonly ComponentKind[]): string {
    const wanted = kinds.length === 0 ? componentKinds : kinds;
    return words.choice(`the name of a ${wanted.join(' or ')}`, this.all(...wanted));
  }

  /** Reads names up to a comma, a colon or the end; `none` for none. */
  readSome(words: Words, ...kinds: readonly ComponentKind[]): string[] {
    if (words.take('none')) return [];
    const names: string[] = [];
    do names.push(this.read(words, ...kinds));
    while (!words.atEnd && !ends.has(words.peek ?? ''));
    return names;
  }

  /** Reads the name or the identifier of a registrar. */
  readRegistrarId(words: Words): number {
    if (/^\d/.test(words.peek ?? '')) return readIdentifier(words);
    return this.#registrarIds.get(this.read(words, 'registrar', 'peer')) ?? 0;
  }

  /** Reads `pool/element`, where the element is a name or an identifier. */
  readElement(words: Words): ElementName {
    const text = words.next('an element such as EchoPool/e1');
    const slash = text.lastIndexOf('/');
    const [pool, element] = [text.slice(0, slash), text.slice(slash + 1)];
    if (slash <= 0) words.failLast(`expected an element such as EchoPool/e1, got '${text}'`);
    const elementId = /^(\d+|0x[\da-f]{1,8})$/i.test(element)
      ? Number(element)
      : this.#elementIds.get(element);
    if (elementId === undefined) {
      words.failLast(
        `expected an element (known: ${this.all('element').join(', ')}), got '${element}' in '${text}'`,
      );
    }
    return { pool, elementId };
  }
}
