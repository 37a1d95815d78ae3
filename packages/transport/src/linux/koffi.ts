/** What this project uses of koffi, a foreign function interface without a compiler (koffi.dev), version 3. */
export interface Koffi {
  load(path: string | null): { func(prototype: string): CFunction };
  /** Where the bytes are. Valid as long as the memory; an ArrayBuffer does not move. */
  address(memory: ArrayBuffer): bigint;
  /** `errno` as the last call left it. */
  errno(): number;
  readonly node: { poll(fd: number, events: PollEvents, onEvents: OnPoll): PollHandle };
}

/** Integers as numbers, pointers as addresses or as bytes that the function may read and write. */
export type CFunction = (...parameters: readonly (number | bigint | Uint8Array)[]) => number;

export interface PollEvents {
  readonly readable: boolean;
  readonly writable: boolean;
}

/** Called outside of Node's callback scope: what it throws is lost, and promises do not go on behind it. */
export type OnPoll = (status: number, events: PollEvents) => void;

/** libuv watches the descriptor in the event loop's own epoll; no thread waits. Stops when it is collected as garbage. */
export interface PollHandle {
  start(events: PollEvents, onEvents: OnPoll): void;
  close(): void;
}

/** @throws what import throws when it is not installed, or Error when it is not what is expected */
export async function importKoffi(): Promise<Koffi> {
  // Not a literal, so that everything compiles and bundles where the optional package is not installed.
  const name = 'koffi' as string;
  const imported: unknown = await import(name);
  const koffi =
    typeof imported === 'object' && imported !== null && 'default' in imported ? imported.default : undefined;
  if (!isKoffi(koffi)) throw new Error('expected koffi 3 with load, address, errno and node.poll');
  return koffi;
}

function isKoffi(value: unknown): value is Koffi {
  if (typeof value !== 'object' || value === null) return false;
  const has = (name: string): boolean =>
    typeof Object.getOwnPropertyDescriptor(value, name)?.value === 'function';
  const node: unknown = 'node' in value ? value.node : undefined;
  return (
    has('load') &&
    has('address') &&
    has('errno') &&
    typeof node === 'object' &&
    node !== null &&
    'poll' in node
  );
}
