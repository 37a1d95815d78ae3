import type { EnrpMessage, MessageTransport, Presence } from '@rserpool/wire';
import { Alarm, jittered } from '../alarm.ts';
import type { RegistrarCore } from '../registrar-core.ts';
import type { EnrpLink } from './enrp-link.ts';
import type { Peer } from './peer.ts';
import type { PeerList } from './peer-list.ts';

/**
 * ENRP_PRESENCE: the heartbeat to all peers (RFC 5353 section 3.4.2), questions whether somebody lives, and the answers to
 * such questions. Each carries the checksum of the own elements and the own server information.
 */
export class Presences {
  readonly #core: RegistrarCore;
  readonly #peers: PeerList;
  readonly #heartbeat: Alarm;

  constructor(core: RegistrarCore, peers: PeerList) {
    this.#core = core;
    this.#peers = peers;
    this.#heartbeat = new Alarm(core.host);
  }

  /** Begins the heartbeat. */
  start(): void {
    this.announce();
    const { heartbeatCycleMs } = this.#core.settings.timers;
    this.#heartbeat.set(jittered(this.#core.host, heartbeatCycleMs, 0.125), () => this.start());
  }

  stop(): void {
    this.#heartbeat.cancel();
  }

  /** To everybody: by multicast, and to each known peer, which need not hear that. */
  announce(): void {
    this.#core.host.announceEnrp(this.#message(0, false));
    for (const peer of this.#peers.all()) this.tell(peer, false);
  }

  /** Asks everybody who hears the ENRP server channel to answer. */
  solicit(): void {
    this.#core.host.announceEnrp(this.#message(0, true));
  }

  /** Asks a peer to answer, on an association that is opened where there is none. */
  ask(peer: Peer): void {
    this.tell(peer, true);
  }

  /** On an association to the peer. */
  tell(peer: Peer, replyRequired: boolean): void {
    const transport = peer.link?.channel.remote ?? peer.transport;
    this.#peers.send(peer, this.#message(peer.id, replyRequired, transport));
  }

  /** Asks, on an association, somebody whose identifier may be unknown to answer. */
  askOn(link: EnrpLink): void {
    link.send(this.#message(link.peerId ?? 0, true, link.channel.remote));
  }

  /** Answers a presence with the R flag where it came. */
  answer(link: EnrpLink): void {
    link.send(this.#message(link.peerId ?? 0, false, link.channel.remote));
  }

  /** @param remote of the association on which it is sent: the server information has the endpoint of its protocol */
  #message(receiverId: number, replyRequired: boolean, remote?: MessageTransport): Presence & EnrpMessage {
    const { handlespace, id, settings } = this.#core;
    const { enrpTransports } = settings;
    return {
      type: 'presence',
      senderId: id,
      receiverId,
      replyRequired,
      checksum: handlespace.checksum(id),
      server: {
        registrarId: id,
        transport: enrpTransports.find(({ protocol }) => protocol === remote?.protocol) ?? enrpTransports[0],
      },
    };
  }
}
