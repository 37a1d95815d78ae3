import type { PoolProcess } from '../pool-world/pool-world.ts';
import { Invariant } from './invariant.ts';

/**
 * The timers of a process are explained by its tables: some for itself, some for each element, peer, session and connection. When
 * everything was stopped in order, no process has any left.
 */
export class NoTimerLeaks extends Invariant {
  readonly name = 'no-timer-leaks';

  override now(): void {
    const scheduled = this.world.clock.timersByOwner();
    for (const process of this.world.processes()) {
      const { node } = process;
      if (node.suspended) continue; // what its kernel has for it waits too, and is not its own
      const held = node.held.filter(({ kind }) => kind === 'timer').length;
      const timers = held + (scheduled.get(node) ?? 0);
      const explained = explainedTimers(process);
      if (timers > explained) {
        this.violated(`${process.name} has ${timers} timers, its tables explain ${explained}`);
      }
    }
  }

  override stopped(): void {
    for (const process of this.world.processes()) {
      const [first, ...more] = this.world.clock.pendingOf(process.node);
      if (first === undefined) continue;
      const when = `${first.kind} at ${first.timeMs.toFixed(0)} ms`;
      this.violated(`${process.name} was stopped and has pending events: ${when}, and ${more.length} more`);
    }
  }
}

/** The engine's own, and those of its tables; every connection may have one for each of its ends and messages. */
function explainedTimers(process: PoolProcess): number {
  const connections = 3 * process.node.users.size;
  switch (process.kind) {
    case 'registrar': {
      const { engine } = process;
      // Heartbeat, lists, orphans, announcements, subscriptions, expiry, mentor hunt, slices: 16 at most.
      // An element: keep-alive, and up to four who want to know its answer. A peer: itself, audit, takeover, download, contact.
      return 16 + connections + 5 * engine.handlespace.elementCount + 5 * engine.peers().length;
    }
    case 'element':
      // Hunt, registration, update, deregistration; a session: its service and its close.
      return 24 + connections + 2 * process.service.sessionCount;
    case 'user':
      // Hunt; a pool: its resolution; a session: search, attempt, deadline, watchdog, close, and the application's own.
      return 24 + connections + process.engine.state.outstandingRequests + 8 * process.sessions.length;
    case 'scripted':
      return Infinity; // its script's
  }
}
