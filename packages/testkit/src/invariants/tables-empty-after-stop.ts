import { Invariant } from './invariant.ts';
import { viewOf } from './views.ts';

/** When all users and elements were stopped in order, no registrar lists an element; none has one when it is stopped itself. */
export class TablesEmptyAfterStop extends Invariant {
  readonly name = 'tables-empty-after-stop';

  override stopped(): void {
    for (const process of this.world.processes()) {
      if (process.kind === 'registrar' && process.engine.handlespace.elementCount > 0) {
        this.violated(`${process.name} lists ${[...viewOf(process).keys()].join(', ')}`);
      }
      if (process.kind === 'element' && process.service.sessionCount > 0) {
        this.violated(`${process.name} serves ${process.service.sessionCount} sessions`);
      }
    }
  }
}
