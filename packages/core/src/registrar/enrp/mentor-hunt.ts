import type { HandleTableResponse, ListResponse } from '@rserpool/wire';
import { Alarm } from '../alarm.ts';
import type { RegistrarCore } from '../registrar-core.ts';
import type { EnrpLink } from './enrp-link.ts';
import type { Introductions } from './introductions.ts';
import type { PeerElements } from './peer-elements.ts';
import type { Presences } from './presence.ts';
import { tableRequested } from './table-order.ts';

/** Before mentors that refused are asked again. RFC 5353 sections 3.2.2.2 and 3.2.3: "a few seconds". */
const retryMs = 300;

/** How far a possible mentor has come. */
interface Candidate {
  /** `starting`: it refused its list, so it initializes itself; `busy`: it refused its handle table. */
  state: 'untried' | 'asked' | 'starting' | 'busy' | 'failed';
}

/**
 * Initialization (RFC 5353 section 3.2): finds a mentor among the configured peers and those heard on the ENRP server channel
 * (section 3.2.2.1), and loads its list of peers and its handlespace. Candidates are tried in turn.
 *
 * Registrars that start at the same time refuse each other's requests. To get out of that, the one with the highest identifier
 * of those that only meet such candidates goes on alone at once; the others ask it again. After a time limit everybody
 * goes on alone, and the audits make the handlespaces equal.
 */
export class MentorHunt {
  readonly #core: RegistrarCore;
  readonly #presences: Presences;
  readonly #introductions: Introductions;
  readonly #peerElements: PeerElements;
  readonly #onEnd: (mentorId: number | undefined) => void;
  readonly #candidates = new Map<EnrpLink, Candidate>();
  #mentor: EnrpLink | undefined;
  /** For the mentor's answer. */
  readonly #answer: Alarm;
  /** For the time to ask again. */
  readonly #retry: Alarm;
  /** For the end of the whole hunt. */
  readonly #limit: Alarm;
  #isDiscovering = false;
  #isLoading = false;

  constructor(
    core: RegistrarCore,
    presences: Presences,
    introductions: Introductions,
    peerElements: PeerElements,
    onEnd: (mentorId: number | undefined) => void,
  ) {
    this.#core = core;
    this.#presences = presences;
    this.#introductions = introductions;
    this.#peerElements = peerElements;
    this.#onEnd = onEnd;
    this.#answer = new Alarm(core.host);
    this.#retry = new Alarm(core.host);
    this.#limit = new Alarm(core.host);
  }

  start(): void {
    const { host, settings } = this.#core;
    const { initializationLimitMs, mentorDiscoveryMs } = settings.timers;
    this.#limit.set(initializationLimitMs, () => this.#limitReached());
    if (settings.multicast) {
      this.#isDiscovering = true;
      this.#presences.solicit();
      host.setTimer(mentorDiscoveryMs, () => {
        this.#isDiscovering = false;
        this.#next();
      });
    }
    this.#next();
  }

  stop(): void {
    this.#answer.cancel();
    this.#retry.cancel();
    this.#limit.cancel();
  }

  /** There is an association with somebody: one that this registrar opened is up, or a peer has spoken on one that it opened. */
  linkFound(link: EnrpLink): void {
    if (this.#core.phase !== 'initializing' || this.#candidates.has(link)) return;
    this.#candidates.set(link, { state: 'untried' });
    this.#next();
  }

  linkDown(link: EnrpLink): void {
    this.#candidates.delete(link);
    if (this.#mentor === link) {
      this.#mentor = undefined;
      this.#isLoading = false;
    }
    this.#next();
  }

  /** @returns false when no list was requested there */
  listReceived(link: EnrpLink, message: ListResponse): boolean {
    if (this.#mentor !== link) return false;
    if (message.rejected) {
      this.#giveUp(link, 'starting');
      return true;
    }
    for (const { transport } of message.servers) this.#introductions.introduce(transport);
    this.#requestTable(link);
    return true;
  }

  /** @returns false when no table was requested there */
  pageReceived(link: EnrpLink, message: HandleTableResponse): boolean {
    if (this.#mentor !== link) return false;
    if (message.rejected) {
      this.#giveUp(link, 'busy');
      return true;
    }
    for (const { poolHandle, elements } of message.pools) {
      for (const element of elements) {
        if (element.homeRegistrarId !== 0) this.#peerElements.store(poolHandle, element);
      }
    }
    if (message.more) this.#requestTable(link);
    else this.#end(link.peerId);
    return true;
  }

  #next(): void {
    if (this.#core.phase !== 'initializing' || this.#mentor !== undefined) return;
    for (const [link, candidate] of this.#candidates) {
      if (candidate.state !== 'untried') continue;
      candidate.state = 'asked';
      this.#requestList(link);
      return;
    }
    if (this.#isDiscovering || this.#introductions.isConnecting) return;
    if (this.#isFirstOfThose()) this.#end(undefined);
    else if (!this.#retry.isSet) this.#retry.set(retryMs, () => this.#tryAgain());
  }

  /** Nobody can be a mentor, and none of those that also start has a higher identifier. */
  #isFirstOfThose(): boolean {
    for (const [link, { state }] of this.#candidates) {
      if (state === 'busy') return false;
      if (state === 'starting' && (link.peerId ?? 0) > this.#core.id) return false;
    }
    return true;
  }

  #tryAgain(): void {
    for (const candidate of this.#candidates.values()) {
      if (candidate.state !== 'failed') candidate.state = 'untried';
    }
    this.#next();
  }

  #requestList(link: EnrpLink): void {
    this.#mentor = link;
    this.#awaitAnswer(link);
    link.send({ type: 'list-request', senderId: this.#core.id, receiverId: link.peerId ?? 0 });
  }

  #requestTable(link: EnrpLink): void {
    this.#isLoading = true;
    this.#awaitAnswer(link);
    const receiverId = link.peerId ?? 0;
    tableRequested(this.#core, link);
    link.send({ type: 'handle-table-request', senderId: this.#core.id, receiverId, ownChildrenOnly: false });
  }

  #awaitAnswer(link: EnrpLink): void {
    this.#answer.set(this.#core.settings.timers.maxTimeNoResponseMs, () => this.#giveUp(link, 'failed'));
  }

  #giveUp(link: EnrpLink, state: Candidate['state']): void {
    this.#answer.cancel();
    this.#mentor = undefined;
    this.#isLoading = false;
    this.#candidates.set(link, { state });
    this.#next();
  }

  /** A download that makes progress has its own timer. */
  #limitReached(): void {
    if (!this.#isLoading) this.#end(undefined);
    else this.#limit.set(this.#core.settings.timers.maxTimeNoResponseMs, () => this.#limitReached());
  }

  #end(mentorId: number | undefined): void {
    if (this.#core.phase !== 'initializing') return;
    this.stop();
    this.#mentor = undefined;
    this.#onEnd(mentorId);
  }
}
