import type { RegistrarCore } from '../registrar-core.ts';
import type { EnrpLink } from './enrp-link.ts';

/** An answer later than so many times MAX-TIME-NO-RESPONSE does not come any more. */
const answerTimeouts = 12;
/** The peer's end of a download closes after one; clocks differ. */
const sessionTimeouts = 1.5;

/** A page of a handle table is requested on an association. */
export function tableRequested(core: RegistrarCore, link: EnrpLink): void {
  link.tableBusyUntilMs = core.host.nowMs() + answerTimeouts * core.settings.timers.maxTimeNoResponseMs;
}

/** It has come, for whomever. Where nobody goes on, the peer's end closes some time later. */
export function tablePageReceived(core: RegistrarCore, link: EnrpLink, more: boolean): void {
  const openMs = more ? sessionTimeouts * core.settings.timers.maxTimeNoResponseMs : 0;
  link.tableBusyUntilMs = core.host.nowMs() + openMs;
}
