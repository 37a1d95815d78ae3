import type { AsapSide } from '../asap/asap-side.ts';
import { Alarm } from '../alarm.ts';
import type { ElementChanges } from '../element-changes.ts';
import type { RegistrarCore } from '../registrar-core.ts';
import { Audit } from './audit.ts';
import type { EnrpLink } from './enrp-link.ts';
import { EnrpLinks } from './enrp-links.ts';
import { EnrpService } from './enrp-service.ts';
import { HandleTables } from './handle-table.ts';
import { UpdateReceiver, UpdateSender } from './handle-update.ts';
import { Introductions } from './introductions.ts';
import { ListExchange } from './list-exchange.ts';
import { MentorHunt } from './mentor-hunt.ts';
import { Orphans } from './orphans.ts';
import { PeerElements } from './peer-elements.ts';
import { PeerList } from './peer-list.ts';
import type { PeerListListener } from './peer-list.ts';
import { PeerMonitor } from './peer-monitor.ts';
import { Presences } from './presence.ts';
import { TakenElements } from './taken-elements.ts';
import { TakeoverSuggestions } from './takeover-suggestion.ts';
import { Takeovers } from './takeover.ts';

/** The parts that speak ENRP, put together. */
export class EnrpSide {
  readonly links: EnrpLinks;
  readonly peers: PeerList;
  readonly updates: UpdateSender;
  readonly suggestions: TakeoverSuggestions;
  readonly service: EnrpService;
  readonly #core: RegistrarCore;
  readonly #presences: Presences;
  readonly #monitor: PeerMonitor;
  readonly #introductions: Introductions;
  readonly #lists: ListExchange;
  readonly #tables: HandleTables;
  readonly #audit: Audit;
  readonly #takeovers: Takeovers;
  readonly #mentorHunt: MentorHunt;
  readonly #orphans: Orphans;
  readonly #orphanCheck: Alarm;

  /** @param onInitialized the handlespace is loaded from a mentor, or there is none */
  constructor(
    core: RegistrarCore,
    changes: ElementChanges,
    asap: AsapSide,
    onInitialized: (mentorId: number | undefined) => void,
  ) {
    this.#core = core;
    this.#orphanCheck = new Alarm(core.host);
    this.links = new EnrpLinks(core, {
      onUp: (link) => this.#mentorHunt.linkFound(link),
      onMessage: (link, message) => {
        if (core.phase !== 'stopped') this.service.receive(link, message);
      },
      onDown: (link) => this.#linkDown(link),
    });
    const peers = new PeerList(core, this.links, this.#peerListListener());
    this.peers = peers;
    this.updates = new UpdateSender(core, peers);
    this.#presences = new Presences(core, peers);
    this.#monitor = new PeerMonitor(core, this.#presences, (peer) => this.#takeovers.peerDead(peer));
    this.#introductions = new Introductions(core, this.links, peers, this.#presences);
    this.#lists = new ListExchange(core, peers, this.#introductions);
    this.#tables = new HandleTables(core);
    const peerElements = new PeerElements(core, peers, changes, asap.monitor);
    this.#audit = new Audit(core, changes, peerElements);
    const taken = new TakenElements(core, peers, changes, asap.adoptions);
    this.#takeovers = new Takeovers(core, peers, this.#presences, this.#monitor, taken);
    this.#orphans = new Orphans(core, peers, this.#lists, taken);
    this.suggestions = new TakeoverSuggestions(core, peers, this.updates, asap, changes);
    this.#mentorHunt = new MentorHunt(
      core,
      this.#presences,
      this.#introductions,
      peerElements,
      onInitialized,
    );
    this.service = new EnrpService(core, {
      peers,
      introductions: this.#introductions,
      presences: this.#presences,
      lists: this.#lists,
      tables: this.#tables,
      updates: new UpdateReceiver(core, peerElements, changes),
      peerElements,
      suggestions: this.suggestions,
      audit: this.#audit,
      takeovers: this.#takeovers,
      mentorHunt: this.#mentorHunt,
    });
  }

  start(): void {
    this.#introductions.start();
    this.#mentorHunt.start();
  }

  /** Initialization is over. */
  serve(): void {
    for (const peer of this.peers.all()) this.#lists.ask(peer);
    this.#presences.start();
    this.#lists.start();
    this.#checkOrphans();
  }

  stop(): void {
    this.#mentorHunt.stop();
    this.#presences.stop();
    this.#lists.stop();
    this.#orphanCheck.cancel();
    this.#introductions.stop();
    this.#tables.close();
    this.#audit.close();
    this.#takeovers.close();
    this.peers.close();
    this.links.closeAll();
  }

  #peerListListener(): PeerListListener {
    const { settings } = this.#core;
    return {
      onNewPeer: (peer, link) => {
        this.#monitor.watch(peer);
        if (link === undefined) return;
        settings.onEvent({ type: 'peer-up', registrarId: peer.id });
        this.#presences.askOn(link);
        if (this.#core.phase === 'serving') this.#lists.ask(peer);
      },
      onRevived: (peer) => {
        this.#takeovers.targetAlive(peer);
        this.#monitor.watch(peer);
      },
      onUnreachable: (peer) => {
        if (this.#core.phase === 'stopped') return;
        // Who owns nothing and never said where it is, only had a look (`rserpool dump`): nobody to ask, nothing to take over.
        const isVisitor = peer.transport === undefined && this.#core.handlespace.ownedCount(peer.id) === 0;
        if (isVisitor) this.peers.drop(peer, 'dead');
        else if (peer.state === 'active') this.#monitor.suspect(peer);
      },
      onDropped: (peer, reason) => {
        settings.onEvent({ type: 'peer-down', registrarId: peer.id, reason });
        this.#audit.peerDropped(peer);
        this.#lists.peerDropped(peer);
        this.#takeovers.peerGone(peer);
        this.#introductions.peerDropped(peer.transport);
      },
    };
  }

  #linkDown(link: EnrpLink): void {
    if (this.#core.phase === 'stopped') return;
    const peer = link.peerId === undefined ? undefined : this.peers.get(link.peerId);
    if (peer !== undefined) this.#audit.messagesMayBeLost(peer);
    this.#tables.linkDown(link);
    this.#audit.linkDown(link);
    this.peers.unlink(link);
    this.#introductions.linkDown(link);
    this.#mentorHunt.linkDown(link);
  }

  #checkOrphans(): void {
    this.#orphans.look();
    this.#orphanCheck.set(this.#core.settings.timers.heartbeatCycleMs, () => this.#checkOrphans());
  }
}
