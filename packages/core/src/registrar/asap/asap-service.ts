import type { AsapMessage } from '@rserpool/wire';
import type { RegistrarCore } from '../registrar-core.ts';
import { workInSlices } from '../sliced-work.ts';
import type { AsapLink } from './asap-link.ts';
import type { Deregistrations } from './deregistration.ts';
import type { FailureReports } from './failure-report.ts';
import type { Inquiries } from './inquiries.ts';
import type { Registrations } from './registration.ts';
import type { Resolutions } from './resolution.ts';

export interface AsapParts {
  readonly registrations: Registrations;
  readonly deregistrations: Deregistrations;
  readonly resolutions: Resolutions;
  readonly failureReports: FailureReports;
  readonly inquiries: Inquiries;
}

/**
 * Takes ASAP messages to the procedure that handles them. What comes while the registrar initializes is held back, so that nobody is
 * told that a pool is unknown just because its handlespace is not complete yet.
 */
export class AsapService {
  readonly #core: RegistrarCore;
  readonly #parts: AsapParts;
  readonly #held: { link: AsapLink; message: AsapMessage }[] = [];

  constructor(core: RegistrarCore, parts: AsapParts) {
    this.#core = core;
    this.#parts = parts;
  }

  receive(link: AsapLink, message: AsapMessage): void {
    const { phase, settings, statistics } = this.#core;
    if (phase === 'serving' && this.#held.length === 0) {
      this.#dispatch(link, message);
    } else if (this.#held.length < settings.limits.heldRequests) {
      this.#held.push({ link, message });
    } else {
      statistics.channelsRefused++;
      link.channel.abort();
    }
  }

  /** Initialization is over. */
  serve(): void {
    workInSlices(this.#core.host, () => {
      for (const { link, message } of this.#held.splice(0, this.#core.settings.limits.elementsPerSlice)) {
        if (link.up && this.#core.phase === 'serving') this.#dispatch(link, message);
      }
      return this.#held.length > 0;
    });
  }

  #dispatch(link: AsapLink, message: AsapMessage): void {
    const { deregistrations, failureReports, inquiries, registrations, resolutions } = this.#parts;
    switch (message.type) {
      case 'registration':
        registrations.register(link, message);
        break;
      case 'deregistration':
        deregistrations.deregister(link, message);
        break;
      case 'handle-resolution':
        resolutions.resolve(link, message);
        break;
      case 'endpoint-keep-alive-ack':
        inquiries.acknowledged(link, message);
        break;
      case 'endpoint-unreachable':
        failureReports.report(link, message);
        break;
      case 'error':
        this.#core.statistics.errorsReceived++;
        this.#core.host.log('info', 'ASAP error received', { codes: message.causes.map(({ code }) => code) });
        break;
      // For pool elements and users (RFC 5352 section 4); answering with an error might begin an endless exchange of errors.
      case 'registration-response':
      case 'deregistration-response':
      case 'handle-resolution-response':
      case 'endpoint-keep-alive':
      case 'server-announce':
      case 'cookie':
      case 'cookie-echo':
      case 'business-card':
        this.#core.statistics.unexpectedMessages++;
        this.#core.host.log('debug', 'ASAP message of the wrong direction', { type: message.type });
    }
  }
}
