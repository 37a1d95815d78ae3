import { CauseCode } from '@rserpool/wire';
import type { Deregistration, ErrorCause } from '@rserpool/wire';
import type { ElementChanges } from '../element-changes.ts';
import type { RegistrarCore } from '../registrar-core.ts';
import type { AsapLink } from './asap-link.ts';
import { identify } from './element-identity.ts';
import type { ElementMonitor } from './element-monitor.ts';

/**
 * Deregistrations (RFC 5352 section 3.2). An unknown element counts as deregistered. One whose home is a peer is taken over
 * first, because peers obey nobody but the home: they hear of an addition, then of a removal. Who is not the element is rejected
 * for security (RFC 5354 section 3.12.10).
 */
export class Deregistrations {
  readonly #core: RegistrarCore;
  readonly #changes: ElementChanges;
  readonly #monitor: ElementMonitor;

  constructor(core: RegistrarCore, changes: ElementChanges, monitor: ElementMonitor) {
    this.#core = core;
    this.#changes = changes;
    this.#monitor = monitor;
  }

  deregister(link: AsapLink, message: Deregistration): void {
    const { handlespace, statistics } = this.#core;
    const { poolHandle, elementId } = message;
    const element = handlespace.find(poolHandle, elementId);
    if (element === undefined) {
      this.#respond(link, message, []);
      return;
    }
    if (identify(this.#core, this.#monitor, link, element) !== 'itself') {
      this.#reject(link, message);
      return;
    }
    statistics.deregistrations++;
    if (element.homeRegistrarId !== this.#core.id) this.#changes.claim(element);
    this.#respond(link, message, []); // before the removal, which may close an association that this registrar opened
    this.#changes.remove(element, 'deregistered');
  }

  #reject(link: AsapLink, message: Deregistration): void {
    const { host, settings, statistics } = this.#core;
    const { poolHandle, elementId } = message;
    const causeCode = CauseCode.securityRejection;
    statistics.countRejection(causeCode);
    host.log('warn', 'deregistration by another association rejected', { elementId });
    this.#respond(link, message, [{ code: causeCode, data: new Uint8Array() }]);
    settings.onEvent({
      type: 'rejected',
      request: 'deregistration',
      poolHandle,
      causeCode,
      from: link.channel.remote,
    });
  }

  #respond(link: AsapLink, message: Deregistration, causes: readonly ErrorCause[]): void {
    const { poolHandle, elementId } = message;
    link.send({ type: 'deregistration-response', poolHandle, elementId, causes });
  }
}
