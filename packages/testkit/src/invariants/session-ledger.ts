import type { NumberedRequests } from '../pool-world/numbered-requests.ts';
import type { PoolWorld } from '../pool-world/pool-world.ts';
import type { UserProcess } from '../pool-world/user-process.ts';
import type { ProcessEvent } from '../pool-world/world-observer.ts';
import type { WorldProcess } from '../pool-world/world-process.ts';

/** What is known of one session of a user, over all its elements. */
export interface LedgerEntry {
  readonly user: UserProcess;
  /** Counts the sessions of the user. */
  readonly number: number;
  readonly pool: string;
  readonly application: NumberedRequests;
  /** When each request that is open was first sent, oldest first. */
  readonly open: Map<number, number>;
  /** The last request that was answered: its state came before it. */
  answered: number;
  /** When the last answer came, to whatever request. */
  answeredMs: number;
  /** By the user's end of each connection: what `answered` was when it came up. */
  readonly connections: Map<string, number>;
  /** When the last of them came up. */
  connectedMs: number;
  /** The highest number that any element has executed. */
  executed: number;
}

/** Keeps account of all sessions, by lineage, for the invariants about them. */
export class SessionLedger {
  readonly entries = new Map<string, LedgerEntry>();
  readonly #world: PoolWorld;
  readonly #bySession = new Map<WorldProcess, Map<number, LedgerEntry>>();

  constructor(world: PoolWorld) {
    this.#world = world;
  }

  entry(by: WorldProcess, session: number): LedgerEntry {
    let ofUser = this.#bySession.get(by);
    if (ofUser === undefined) this.#bySession.set(by, (ofUser = new Map<number, LedgerEntry>()));
    let entry = ofUser.get(session);
    if (entry === undefined) {
      entry = this.#newEntry(by, session);
      ofUser.set(session, entry);
      this.entries.set(entry.application.lineage, entry);
    }
    return entry;
  }

  note(by: WorldProcess, event: ProcessEvent): void {
    switch (event.type) {
      case 'request-sent':
        this.entry(by, event.session).open.set(event.request, this.#world.clock.nowMs);
        break;
      case 'answer': {
        const entry = this.entry(by, event.session);
        entry.answeredMs = this.#world.clock.nowMs;
        if (entry.open.delete(event.request)) entry.answered = Math.max(entry.answered, event.request);
        break;
      }
      case 'session-opened':
      case 'resumed': {
        const entry = this.entry(by, event.session);
        entry.connections.set(event.via, entry.answered);
        entry.connectedMs = this.#world.clock.nowMs;
        break;
      }
      case 'request-executed': {
        const entry = this.entries.get(event.lineage);
        if (entry !== undefined) entry.executed = Math.max(entry.executed, event.request);
        break;
      }
      case 'session-closed': {
        const entry = this.entry(by, event.session);
        entry.open.clear();
        this.entries.delete(entry.application.lineage);
        break;
      }
      default: // of no account
    }
  }

  forget(process: WorldProcess): void {
    for (const { application } of this.#bySession.get(process)?.values() ?? []) {
      this.entries.delete(application.lineage);
    }
    this.#bySession.delete(process);
  }

  #newEntry(by: WorldProcess, session: number): LedgerEntry {
    const user = this.#world.process(by.name);
    const application = user?.kind === 'user' ? user.sessions[session - 1] : undefined;
    if (user?.kind !== 'user' || application === undefined) {
      throw new Error(`session ledger: ${by.name} has no session ${session}`);
    }
    return {
      user,
      number: session,
      pool: user.poolOf(session),
      application,
      open: new Map(),
      answered: 0,
      answeredMs: -Infinity,
      connections: new Map(),
      connectedMs: 0,
      executed: 0,
    };
  }
}
