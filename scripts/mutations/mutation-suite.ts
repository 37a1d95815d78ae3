import type { Mutation } from './mutation.ts';

/** Mutations of one package's engine, and the worlds that must catch them. */
export interface MutationSuite {
  /** Below `packages`. */
  readonly package: string;
  readonly mutations: readonly Mutation[];
  /** Which worlds try-mutation.mjs runs. */
  readonly worlds: 'mixed' | 'sctp';
  /** Of a world: what that means is the world's business. */
  readonly length: number;
  /** So many seeds are tried, from 1 on. */
  readonly seeds: number;
  /** The page, from the root of the repository. */
  readonly page: string;
  /** What the page says before its tables. */
  readonly introduction: string;
}
