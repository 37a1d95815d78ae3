import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { mutate } from './mutation.ts';
import type { MutationSuite } from './mutation-suite.ts';
import type { Mutation } from './mutation.ts';

const packages = new URL('../../packages/', import.meta.url);
const program = fileURLToPath(new URL('try-mutation.mjs', import.meta.url));

/** What the world of one seed came to. */
export interface Trial {
  readonly seed: number;
  /** The one that was violated; empty when none was. */
  readonly invariant: string;
  readonly what: string;
  /** Virtual time of the violation. */
  readonly timeMs: number;
}

/** What a child process came to. */
export interface Trials {
  /** One for each seed that it got to. */
  readonly trials: readonly Trial[];
  /** It was killed, since the time was over. */
  readonly timedOut: boolean;
}

export interface TrialOptions {
  /** Undefined: the engines as they are, and all seeds are tried. */
  readonly mutation: Mutation | undefined;
  readonly seeds: readonly number[];
  readonly limitMs: number;
}

/**
 * Runs worlds, one after the other, in a child process whose engines have a mutation, until an invariant catches it.
 * @throws Error when the mutation does not fit the source, and when the child fails otherwise than by a violation
 */
export function runTrials(suite: MutationSuite, { mutation, seeds, limitMs }: TrialOptions): Promise<Trials> {
  const { worlds, length } = suite;
  const module = mutation && mutatedModule(suite.package, mutation);
  const child = spawn(process.execPath, [program, JSON.stringify({ module, worlds, length, seeds })], {
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: limitMs,
    killSignal: 'SIGKILL',
  });
  let output = '';
  let errors = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (errors += text));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => {
      const timedOut = signal === 'SIGKILL';
      if (code === 0 || timedOut) resolve({ trials: parseTrials(output), timedOut });
      else {
        const what = mutation?.name ?? 'without mutation';
        reject(new Error(`${what}: the child ended with ${code ?? signal ?? 'nothing'}: ${errors}`));
      }
    });
  });
}

/** Does something for all items, so many at a time. */
export async function inParallel<T>(
  items: Iterable<T>,
  workers: number,
  act: (item: T) => Promise<void>,
): Promise<void> {
  const iterator = items[Symbol.iterator]();
  const work = async (): Promise<void> => {
    for (let next = iterator.next(); next.done !== true; next = iterator.next()) await act(next.value);
  };
  await Promise.all(Array.from({ length: workers }, work));
}

/** The compiled module that the mutated source is loaded in place of. */
function mutatedModule(of: string, mutation: Mutation): { readonly url: string; readonly source: string } {
  const source = readFileSync(new URL(`${of}/src/${mutation.file}`, packages), 'utf8');
  const { outputText } = ts.transpileModule(mutate(source, mutation), {
    compilerOptions: {
      target: ts.ScriptTarget.ES2023,
      module: ts.ModuleKind.ESNext,
      verbatimModuleSyntax: true,
      rewriteRelativeImportExtensions: true,
    },
  });
  return {
    url: new URL(`${of}/dist/${mutation.file.replace(/\.ts$/, '.js')}`, packages).href,
    source: outputText,
  };
}

/** One per line; what was cut off when the child was killed is left out. */
function parseTrials(output: string): Trial[] {
  return output
    .split('\n')
    .slice(0, -1)
    .map((line) => {
      const trial: unknown = JSON.parse(line);
      if (!isTrial(trial)) throw new Error(`expected a trial, got ${line}`);
      return trial;
    });
}

function isTrial(value: unknown): value is Trial {
  if (typeof value !== 'object' || value === null) return false;
  const { seed, invariant, what, timeMs }: Partial<Record<keyof Trial, unknown>> = value;
  return (
    typeof seed === 'number' &&
    typeof invariant === 'string' &&
    typeof what === 'string' &&
    typeof timeMs === 'number'
  );
}
