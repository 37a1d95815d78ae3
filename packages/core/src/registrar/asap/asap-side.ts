import type { AsapMessage, Registration } from '@rserpool/wire';
import type { Element } from '../../handlespace/element.ts';
import type { ElementChanges } from '../element-changes.ts';
import type { RegistrarCore } from '../registrar-core.ts';
import type { RemovalReason } from '../registrar-event.ts';
import { Adoptions } from './adoptions.ts';
import type { AsapLink } from './asap-link.ts';
import { AsapLinks } from './asap-links.ts';
import { AsapService } from './asap-service.ts';
import { Deregistrations } from './deregistration.ts';
import { ElementMonitor } from './element-monitor.ts';
import { FailureReports } from './failure-report.ts';
import { Inquiries } from './inquiries.ts';
import { Reclaims } from './reclaims.ts';
import { Registrations } from './registration.ts';
import { Resolutions } from './resolution.ts';
import { ServerAnnouncer } from './server-announcer.ts';
import { Subscriptions } from './subscriptions.ts';

/** The parts that speak ASAP, put together. */
export class AsapSide {
  readonly links: AsapLinks;
  readonly inquiries: Inquiries;
  readonly monitor: ElementMonitor;
  readonly adoptions: Adoptions;
  readonly subscriptions: Subscriptions;
  readonly announcer: ServerAnnouncer;
  readonly #core: RegistrarCore;
  readonly #reclaims: Reclaims;
  readonly #service: AsapService;

  constructor(
    core: RegistrarCore,
    changes: ElementChanges,
    onNewElement: (registration: Registration) => void,
  ) {
    this.#core = core;
    this.links = new AsapLinks(core, {
      onMessage: (link, message) => this.#receive(link, message),
      onDown: (link) => this.#linkDown(link),
    });
    this.inquiries = new Inquiries(core);
    this.monitor = new ElementMonitor(core, this.links, this.inquiries, changes);
    this.adoptions = new Adoptions(core, this.monitor);
    this.subscriptions = new Subscriptions(core);
    this.announcer = new ServerAnnouncer(core);
    this.#reclaims = new Reclaims(core, this.monitor, this.inquiries, changes);
    this.#service = new AsapService(core, {
      registrations: new Registrations(core, changes, this.monitor, this.inquiries, onNewElement),
      deregistrations: new Deregistrations(core, changes, this.monitor),
      resolutions: new Resolutions(core, this.subscriptions),
      failureReports: new FailureReports(core, this.links, this.inquiries, this.monitor, changes),
      inquiries: this.inquiries,
    });
  }

  /** Initialization is over. Elements that a mentor knew as this registrar's own, from before a restart, are called. */
  serve(): void {
    for (const element of this.#core.handlespace.ownedBy(this.#core.id)) this.adoptions.adopt(element);
    this.announcer.start();
    this.#service.serve();
  }

  stop(): void {
    this.announcer.stop();
    this.adoptions.close();
    this.monitor.close();
    this.subscriptions.close();
    for (const link of this.links.all()) {
      this.inquiries.forget(link);
      link.channel.close();
    }
  }

  /** An element has left the handlespace. */
  elementLeft(element: Element, reason: RemovalReason): void {
    const link = this.monitor.linkOf(element);
    const isTold = reason === 'expired' || reason === 'keep-alive-unanswered';
    if (isTold && link !== undefined && element.homeRegistrarId === this.#core.id) {
      // RFC 5352 section 3.2: the end of a registration's life. One that was only slow learns that it has to register again.
      const { elementId, pool } = element;
      link.send({ type: 'deregistration-response', poolHandle: pool.handle, elementId, causes: [] });
    }
    this.#reclaims.elementLeft(element, reason);
    this.monitor.forget(element);
  }

  #receive(link: AsapLink, message: AsapMessage): void {
    if (this.#core.phase !== 'stopped') this.#service.receive(link, message);
  }

  #linkDown(link: AsapLink): void {
    this.subscriptions.linkDown(link);
    if (this.#core.phase === 'stopped') return;
    this.inquiries.linkDown(link);
    this.monitor.linkDown(link);
  }
}
