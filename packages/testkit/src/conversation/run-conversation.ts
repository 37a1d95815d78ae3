import type { Fidelity } from '../pool-world/pool-world.ts';
import type { Condition, Conversation, Moment, Step } from './conversation.ts';
import { ConversationWorld } from './conversation-world.ts';
import { traceLines } from './trace.ts';

export interface ConversationOptions {
  /** Default: the file's. */
  readonly seed?: number;
  readonly fidelity?: Fidelity;
}

/** What the file says and the world does not hold. */
export interface ConversationFailure {
  readonly line: number;
  /** As it stands there. */
  readonly text: string;
  readonly timeMs: number;
  /** What is there instead. */
  readonly found: string;
}

export interface ConversationResult {
  readonly seed: number;
  readonly fidelity: Fidelity;
  /** Empty: all that the file says holds. */
  readonly failures: readonly ConversationFailure[];
  /** How many conditions were looked at. */
  readonly conditions: number;
  /** Virtual. */
  readonly durationMs: number;
  readonly eventsRun: number;
  readonly trace: readonly string[];
}

/** A conversation that cannot be run as wanted. */
export class ConversationRunError extends Error {
  override readonly name = 'ConversationRunError';
}

/** Runs a conversation to its end, also when something does not hold. @throws ConversationRunError */
export function runConversation(
  conversation: Conversation,
  options: ConversationOptions = {},
): ConversationResult {
  const { seed = conversation.seed, fidelity = conversation.fidelity } = options;
  for (const step of conversation.steps) {
    if (fidelity === 'typed' && step.kind === 'do' && step.action.needsBytes === true) {
      throw new ConversationRunError(
        `${conversation.file}:${step.line}: bytes can only be sent with the fidelity rfc or rsplib, got typed`,
      );
    }
  }
  return new ConversationRunner(conversation, seed, fidelity).run();
}

/** A condition that must hold, or must not, after every event. */
interface Watch {
  readonly step: Step & { readonly condition: Condition };
  readonly wanted: boolean;
  readonly since: number;
}

class ConversationRunner {
  readonly #world: ConversationWorld;
  readonly #watches = new Set<Watch>();
  readonly #failures: ConversationFailure[] = [];
  /** Where in the log the last action stands. */
  #mark = 0;
  #conditions = 0;

  constructor(conversation: Conversation, seed: number, fidelity: Fidelity) {
    this.#world = new ConversationWorld(conversation, seed, fidelity);
  }

  run(): ConversationResult {
    const { conversation, world } = this.#world;
    this.#world.startAll();
    for (const step of conversation.steps) this.#do(step);
    for (const { step } of this.#watches) this.#note(`held: ${step.text}`);
    return {
      seed: world.clock.seed,
      fidelity: world.fidelity,
      failures: this.#failures,
      conditions: this.#conditions,
      durationMs: world.clock.nowMs,
      eventsRun: world.clock.eventsRun,
      trace: traceLines(this.#world),
    };
  }

  #do(step: Step): void {
    if (step.kind !== 'do') this.#conditions++;
    switch (step.kind) {
      case 'do':
        this.#advanceTo(step.when);
        this.#mark = this.#world.log.entries.length;
        this.#note(step.text);
        step.action.run(this.#world);
        return;
      case 'check':
        this.#advanceTo(step.when);
        this.#judge(step, step.condition.holds(this.#world, this.#mark));
        return;
      case 'within':
        this.#judge(
          step,
          this.#advance(step.boundMs, () => step.condition.holds(this.#world, this.#mark)),
        );
        return;
      case 'for': {
        const watch = { step, wanted: true, since: this.#mark };
        this.#watches.add(watch);
        this.#advance(step.durationMs);
        if (this.#watches.delete(watch)) this.#note(`held: ${step.text}`);
        return;
      }
      case 'always':
      case 'never':
        this.#watches.add({
          step,
          wanted: step.kind === 'always',
          since: this.#world.log.entries.length,
        });
    }
  }

  #advanceTo(when: Moment): void {
    this.#advance('atMs' in when ? when.atMs - this.#world.world.clock.nowMs : when.afterMs);
  }

  /** Lets time pass, watching. @returns whether it came to what was waited for */
  #advance(durationMs: number, until: () => boolean = () => false): boolean {
    return this.#world.world.clock.runUntil(() => {
      for (const watch of this.#watches) this.#look(watch);
      return until();
    }, durationMs);
  }

  #look(watch: Watch): void {
    const { step, wanted, since } = watch;
    if (step.condition.holds(this.#world, since) === wanted) return;
    this.#watches.delete(watch);
    this.#fail(step, step.condition.found(this.#world, since));
  }

  #judge(step: Step & { readonly condition: Condition }, holds: boolean): void {
    if (holds) this.#note(`held: ${step.text}`);
    else this.#fail(step, step.condition.found(this.#world, this.#mark));
  }

  #fail({ line, text }: Step, found: string): void {
    this.#note(`FAILED: ${text}: ${found}`);
    this.#failures.push({ line, text, timeMs: this.#world.world.clock.nowMs, found });
  }

  #note(text: string): void {
    this.#world.log.add({ kind: 'note', text });
  }
}
