import { isVerb, readAction, verbNames } from './actions.ts';
import { readCondition } from './conditions.ts';
import type { Moment, Step } from './conversation.ts';
import type { Names } from './names.ts';
import { durationText, readDuration } from './quantities.ts';
import type { Words } from './words.ts';

export const stepWords = ['at', 'after', 'within', 'for', 'always', 'never'] as const;

/** Reads steps, and sees to it that each `at` comes after all that may still be waited for before it. */
export class StepReader {
  /** The latest time at which the step before can be over. */
  #latestMs = 0;

  /** Reads a line from its first word on. */
  read(words: Words, names: Names): Step {
    const word = words.choice('a step', stepWords);
    const place = {
      line: words.line,
      text: words.text
        .replace(/(^|\s)#.*$/, '')
        .trim()
        .replaceAll(/\s+/g, ' '),
    };
    switch (word) {
      case 'at':
      case 'after': {
        const when = this.#readMoment(words, word);
        words.expect(':');
        const step = isVerb(words.peek)
          ? ({ kind: 'do', when, action: readAction(words, names) } as const)
          : ({ kind: 'check', when, condition: readCondition(words, names, verbNames) } as const);
        words.end();
        return { ...place, ...step };
      }
      case 'within':
      case 'for': {
        const durationMs = readDuration(words);
        this.#latestMs += durationMs;
        words.expect(':');
        const condition = readCondition(words, names);
        words.end();
        if (word === 'for') return { ...place, kind: 'for', durationMs, condition };
        return { ...place, kind: 'within', boundMs: durationMs, condition };
      }
      case 'always':
      case 'never': {
        words.expect(':');
        const condition = readCondition(words, names);
        words.end();
        return { ...place, kind: word, condition };
      }
    }
  }

  #readMoment(words: Words, word: 'at' | 'after'): Moment {
    const timeMs = readDuration(words);
    if (word === 'after') {
      this.#latestMs += timeMs;
      return { afterMs: timeMs };
    }
    if (timeMs < this.#latestMs) {
      words.failLast(
        `expected a time from ${durationText(this.#latestMs)}, when the steps before are over at the latest, got ${durationText(timeMs)}`,
      );
    }
    this.#latestMs = timeMs;
    return { atMs: timeMs };
  }
}
