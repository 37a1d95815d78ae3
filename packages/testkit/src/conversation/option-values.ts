import { readCount, readDuration, readNumber } from './quantities.ts';
import type { Words } from './words.ts';

/** Reads what comes after the name of an option. */
export type OptionReader = (words: Words) => void;

/**
 * Options of an engine, by the names that they have there: `heartbeatCycleMs` is written `heartbeat-cycle 2 s`,
 * `takeoverSuggestions` is `takeover-suggestions` or `takeover-suggestions no`.
 */
export class OptionValues {
  readonly numbers: Record<string, number> = {};
  readonly flags: Record<string, boolean> = {};

  /** @param defaults tell by the type of their values how each is written; what is neither number nor boolean is left out */
  readers(defaults: object): Record<string, OptionReader> {
    const readers: Record<string, OptionReader> = {};
    for (const [key, value] of Object.entries(defaults) as [string, unknown][]) {
      const name = optionName(key);
      if (typeof value === 'number') readers[name] = (words) => (this.numbers[key] = readValue(words, key));
      if (typeof value === 'boolean') readers[name] = (words) => (this.flags[key] = readFlag(words));
    }
    return readers;
  }
}

/** Reads options with commas in between, until the end of the line. */
export function readOptions(words: Words, readers: Readonly<Record<string, OptionReader>>): void {
  do readers[words.choice('an option', Object.keys(readers))]?.(words);
  while (words.take(','));
  words.end();
}

function optionName(key: string): string {
  return key.replace(/Ms$/, '').replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

function readValue(words: Words, key: string): number {
  if (words.take('never') || words.take('unlimited')) return Infinity;
  if (key.endsWith('Ms')) return readDuration(words);
  return key === 'clockRate' || key.endsWith('Probability') ? readNumber(words) : readCount(words);
}

function readFlag(words: Words): boolean {
  if (words.take('no')) return false;
  words.take('yes');
  return true;
}
