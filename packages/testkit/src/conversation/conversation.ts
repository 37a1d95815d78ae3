import type { Fidelity } from '../pool-world/pool-world.ts';
import type { LinkQuality } from '../world/link-quality.ts';
import type { Component } from './component.ts';
import type { ConversationWorld } from './conversation-world.ts';
import type { ScriptedAnswer } from './scripted-message.ts';

/** Something that the file makes happen. */
export interface Action {
  /** Possible only where messages travel as bytes. */
  readonly needsBytes?: boolean;
  /** Components that are not there before. */
  readonly starts?: readonly string[];
  run(world: ConversationWorld): void;
}

/** Something that the file says must hold. */
export interface Condition {
  /** @param since what happened from this entry of the log on counts */
  holds(world: ConversationWorld, since: number): boolean;
  /** What is there instead, for a person. */
  found(world: ConversationWorld, since: number): string;
}

/** When a step happens: at a time of the world, or some time after the step before. */
export type Moment = { readonly atMs: number } | { readonly afterMs: number };

export type Step = { readonly line: number; readonly text: string } & (
  | { readonly kind: 'do'; readonly when: Moment; readonly action: Action }
  | { readonly kind: 'check'; readonly when: Moment; readonly condition: Condition }
  /** It must hold at some time, at the latest so long after the step before. */
  | { readonly kind: 'within'; readonly boundMs: number; readonly condition: Condition }
  /** It must hold all the time, for so long from the step before. */
  | { readonly kind: 'for'; readonly durationMs: number; readonly condition: Condition }
  /** From here to the end. */
  | { readonly kind: 'always' | 'never'; readonly condition: Condition }
);

/** A conversation file, understood. */
export interface Conversation {
  readonly file: string;
  readonly title: string;
  readonly references: readonly string[];
  readonly about: readonly string[];
  readonly seed: number;
  readonly fidelity: Fidelity;
  /** Names of messages and events that the trace leaves out. */
  readonly hidden: ReadonlySet<string>;
  /** Fields that the trace shows although it does not usually, and `connections`. */
  readonly shown: ReadonlySet<string>;
  /** The trace begins then. */
  readonly traceFromMs: number;
  /** Of all links that have none of their own. */
  readonly quality: Partial<LinkQuality>;
  readonly failureDetectionMs: number | undefined;
  readonly connectTimeoutMs: number | undefined;
  /** Addresses of hosts that have been given any. */
  readonly hosts: ReadonlyMap<string, readonly string[]>;
  readonly links: readonly {
    readonly left: string;
    readonly right: string;
    readonly quality: Partial<LinkQuality>;
  }[];
  readonly components: ReadonlyMap<string, Component>;
  /** Components that a step starts. */
  readonly later: ReadonlySet<string>;
  readonly answers: readonly ScriptedAnswer[];
  readonly steps: readonly Step[];
}
