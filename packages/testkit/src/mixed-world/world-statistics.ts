import type { ProcessEvent, WorldObserver } from '../pool-world/world-observer.ts';
import type { WorldProcess } from '../pool-world/world-process.ts';

/** Counts what happened in a world. */
export class WorldStatistics implements WorldObserver {
  asked = 0;
  answered = 0;
  failed = 0;
  failovers = 0;
  takeovers = 0;
  statesRestored = 0;

  onEvent(_by: WorldProcess, event: ProcessEvent): void {
    switch (event.type) {
      case 'request-sent':
        this.asked++;
        break;
      case 'answer':
        this.answered++;
        break;
      case 'session-closed':
        this.failed += event.failed.length;
        break;
      case 'failover':
        this.failovers++;
        break;
      case 'takeover-started':
        this.takeovers++;
        break;
      case 'state-restored':
        this.statesRestored++;
        break;
      default: // not counted
    }
  }
}
