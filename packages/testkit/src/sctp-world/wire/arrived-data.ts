import { isAfter, plus } from './tsn.ts';

/** The TSNs of DATA chunks that have arrived at one end, whether it took them or not. */
export class ArrivedData {
  readonly #beyond = new Set<number>();
  #cumulativeTsn: number | undefined;

  add(tsn: number): void {
    if (this.#cumulativeTsn === undefined || isAfter(tsn, this.#cumulativeTsn)) this.#beyond.add(tsn);
  }

  /** @param initialTsn of the peer; the same with every call */
  cumulativeTsn(initialTsn: number): number {
    let tsn = this.#cumulativeTsn ?? plus(initialTsn, -1);
    while (this.#beyond.delete(plus(tsn, 1))) tsn = plus(tsn, 1);
    this.#cumulativeTsn = tsn;
    return tsn;
  }

  /** After `cumulativeTsn` was asked for: of those beyond it. */
  has(tsn: number): boolean {
    return this.#beyond.has(tsn);
  }
}
