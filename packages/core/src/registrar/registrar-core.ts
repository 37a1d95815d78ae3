import type { Handlespace } from '../handlespace/handlespace.ts';
import type { RegistrarHost } from './registrar-host.ts';
import type { RegistrarSettings } from './registrar-options.ts';
import type { RegistrarStatistics } from './registrar-statistics.ts';

/** What all parts of a registrar share. */
export interface RegistrarCore {
  readonly host: RegistrarHost;
  readonly settings: RegistrarSettings;
  /** This registrar's own identifier. */
  readonly id: number;
  readonly handlespace: Handlespace;
  readonly statistics: RegistrarStatistics;
  /** `initializing`: loading the handlespace from a mentor. */
  phase: 'initializing' | 'serving' | 'stopped';
}
