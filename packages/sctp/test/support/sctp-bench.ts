import type { AssociationHandler } from '../../src/association/association-handler.ts';
import type { SctpAssociation } from '../../src/association/sctp-association.ts';
import type { PacketLink, PathAddress } from '../../src/endpoint/packet-link.ts';
import type { SctpHost } from '../../src/endpoint/sctp-host.ts';
import { SctpEndpoint } from '../../src/endpoint/sctp-endpoint.ts';
import type { ConnectOptions, EndpointOptions } from '../../src/endpoint/sctp-endpoint.ts';
import { MemoryHub } from '../../src/link/memory-link.ts';
import type { MemoryLink } from '../../src/link/memory-link.ts';
import { Conversation } from './packet-text.ts';
import { RawPeer } from './raw-peer.ts';
import { TestEnd } from './test-end.ts';
import { TestHost } from './test-host.ts';
import { VirtualClock } from './virtual-clock.ts';

/** A packet on its way. */
export interface Passage {
  readonly atMs: number;
  /** Addresses. */
  readonly from: string;
  readonly to: string;
  readonly packet: Uint8Array;
  /** `A > Z DATA 0`: see {@link Conversation.text}. */
  readonly text: string;
  /** When copies of it arrive; none when it is lost. */
  readonly arrivesAtMs: readonly number[];
}

interface Rule {
  readonly pattern: RegExp;
  left: number;
  /** Delays of the copies. May change the bytes. */
  readonly fate: (packet: Uint8Array, delayMs: number) => readonly number[];
}

export const sctpPort = 5_000;

export interface HostOptions {
  /** How many addresses: 10.0.0.1, 10.1.0.1, ... of the first host, 10.0.0.2, 10.1.0.2, ... of the second. Default: 1. */
  readonly homes?: number;
  /** Instead of them. */
  readonly at?: readonly [string, ...string[]];
  /** Default: 1,480. */
  readonly maxPacketBytes?: number;
}

export interface PeerOptions extends HostOptions {
  /** It answers HEARTBEATs. Default: false. */
  readonly answersHeartbeats?: boolean;
}

export interface TestEndpointOptions extends HostOptions, Partial<EndpointOptions> {
  /** It accepts no associations. */
  readonly refuses?: boolean;
}

/** A host of the bench with its endpoint. */
export interface TestEndpoint {
  readonly endpoint: SctpEndpoint;
  readonly host: TestHost;
  readonly addresses: readonly [string, ...string[]];
  /** Of the associations that it has accepted. */
  readonly accepted: TestEnd[];
  /** It gets a further address, which is called so; nobody is told. */
  gain(address: string, name: string): void;
  /** Nothing comes there or goes from there any more. */
  loseAddress(address: string): void;
  /** Its process dies without a word, and is started again. */
  restart(): TestEndpoint;
}

/** What a process that has died would still send is not sent. */
class MortalLink implements PacketLink {
  readonly #link: MemoryLink;
  isDead = false;

  constructor(link: MemoryLink) {
    this.#link = link;
  }

  get localAddresses(): readonly string[] {
    return this.#link.localAddresses;
  }

  send(packet: Uint8Array, localAddress: string, remote: PathAddress): void {
    if (!this.isDead) this.#link.send(packet, localAddress, remote);
  }

  udpPortsToTry(): readonly [number, ...number[]] {
    return this.#link.udpPortsToTry();
  }

  maxPacketBytes(): number {
    return this.#link.maxPacketBytes();
  }
}

/**
 * Endpoints in virtual time on a network that does what a test wants: packets with a text that matches a pattern are lost, late, doubled or
 * changed. What they say to each other is read as lines of text.
 */
export class SctpBench {
  readonly clock = new VirtualClock();
  /** All packets of the test, in the order of sending. */
  readonly passages: Passage[] = [];
  readonly #conversation = new Conversation();
  readonly #hub: MemoryHub;
  readonly #delayMs: number;
  readonly #rules: Rule[] = [];
  #isDropped: () => boolean = () => false;
  #hostCount = 0;
  #heard = 0;

  /** @param delayMs of each packet. Default: 10. */
  constructor(delayMs = 10) {
    this.#delayMs = delayMs;
    this.#hub = new MemoryHub(new TestHost(this.clock, 0), (packet, from, to) =>
      this.#carry(packet, from, to),
    );
  }

  /** A host with an endpoint at port 5000, which accepts associations. Names are letters: its addresses are "A", or "A1", "A2", ... */
  endpoint(
    name: string,
    { homes, at, maxPacketBytes, refuses = false, ...options }: TestEndpointOptions = {},
  ): TestEndpoint {
    const { link, addresses, host } = this.#host(name, { homes, at, maxPacketBytes });
    const start = (): TestEndpoint => {
      const accepted: TestEnd[] = [];
      const accept = (association: SctpAssociation): AssociationHandler => {
        const end = new TestEnd(this.clock, association);
        accepted.push(end);
        return end;
      };
      const own = new MortalLink(link);
      const endpoint = new SctpEndpoint(host, own, {
        port: sctpPort,
        ...(refuses ? {} : { accept }),
        ...options,
      });
      link.attach(endpoint.port, endpoint);
      const restart = (): TestEndpoint => {
        own.isDead = true;
        endpoint.close();
        link.detach(endpoint.port);
        return start();
      };
      const gain = (address: string, called: string): void => {
        link.addAddress(address);
        this.#conversation.name(address, called);
      };
      const loseAddress = (address: string): void => link.removeAddress(address);
      return { endpoint, host, addresses, accepted, gain, loseAddress, restart };
    };
    return start();
  }

  /** A host without a stack of its own: the test says what it sends. */
  peer(name: string, { homes, at, maxPacketBytes, answersHeartbeats = false }: PeerOptions = {}): RawPeer {
    const { link, addresses, host } = this.#host(name, { homes, at, maxPacketBytes });
    const peer = new RawPeer(link, host, addresses, sctpPort);
    if (answersHeartbeats) peer.answersHeartbeatsAt = addresses;
    link.attach(sctpPort, peer);
    return peer;
  }

  /** What an address is called that no host has from the start. */
  name(address: string, name: string): void {
    this.#conversation.name(address, name);
  }

  connect(
    from: TestEndpoint,
    to: { readonly addresses: readonly [string, ...string[]] },
    options?: ConnectOptions,
  ): TestEnd {
    const end = new TestEnd(this.clock);
    const { addresses } = to;
    end.association = from.endpoint.connect({ addresses, port: sctpPort }, end, options);
    return end;
  }

  /** Two hosts, A and Z, with an association that A has opened; nothing is on its way any more. */
  pair(
    a: TestEndpointOptions = {},
    z: TestEndpointOptions = {},
  ): { a: TestEndpoint; z: TestEndpoint; endA: TestEnd; endZ: TestEnd } {
    const hostA = this.endpoint('A', a);
    const hostZ = this.endpoint('Z', z);
    const endA = this.connect(hostA, hostZ);
    this.clock.run(1_000);
    const [endZ] = hostZ.accepted;
    if (endZ === undefined || endA.association.state !== 'established')
      throw new Error(`no association:\n${this.talk().join('\n')}`);
    this.talk();
    return { a: hostA, z: hostZ, endA, endZ };
  }

  /** An endpoint A, and a scripted peer P that has opened an association with it. */
  pairWithPeer(
    options: TestEndpointOptions = {},
    peerOptions: PeerOptions = {},
  ): { a: TestEndpoint; end: TestEnd; peer: RawPeer } {
    const a = this.endpoint('A', options);
    const peer = this.peer('P', peerOptions);
    const end = this.open(peer, a);
    this.talk();
    return { a, end, peer };
  }

  /** A scripted peer opens an association with an endpoint. */
  open(peer: RawPeer, to: TestEndpoint): TestEnd {
    const before = to.accepted.length;
    peer.sendInit(to.addresses[0]);
    this.clock.run(2 * this.#delayMs);
    peer.sendCookieEcho();
    this.clock.run(2 * this.#delayMs);
    const end = to.accepted[before];
    if (end === undefined) throw new Error(`no association:\n${this.talk().join('\n')}`);
    return end;
  }

  /** What was said since the last call. */
  talk(): string[] {
    const lines = this.passages
      .slice(this.#heard)
      .map(({ text, arrivesAtMs }) => (arrivesAtMs.length === 0 ? `${text} (lost)` : text));
    this.#heard = this.passages.length;
    return lines;
  }

  /** Runs, and says what was said. */
  after(durationMs: number): string[] {
    this.clock.run(durationMs);
    return this.talk();
  }

  /** Packets with a text like this are lost, the next so many of them. @returns how to stop it */
  lose(pattern: RegExp, times = 1): () => void {
    return this.#rule(pattern, times, () => []);
  }

  /** Packets of which this is so are lost. @returns how to stop it */
  drop(isLost: () => boolean): () => void {
    this.#isDropped = isLost;
    return () => (this.#isDropped = () => false);
  }

  hold(pattern: RegExp, extraMs: number, times = 1): () => void {
    return this.#rule(pattern, times, (_packet, delayMs) => [delayMs + extraMs]);
  }

  double(pattern: RegExp, extraMs = 0, times = 1): () => void {
    return this.#rule(pattern, times, (_packet, delayMs) => [delayMs, delayMs + extraMs]);
  }

  alter(pattern: RegExp, change: (packet: Uint8Array) => void, times = 1): () => void {
    return this.#rule(pattern, times, (packet, delayMs) => {
      change(packet);
      return [delayMs];
    });
  }

  #rule(pattern: RegExp, times: number, fate: Rule['fate']): () => void {
    const rule = { pattern, left: times, fate };
    this.#rules.push(rule);
    return () => (rule.left = 0);
  }

  #carry(packet: Uint8Array, from: string, to: string): readonly number[] {
    const text = this.#conversation.text(packet, from, to);
    const rule = this.#rules.find(({ pattern, left }) => left > 0 && pattern.test(text));
    if (rule !== undefined) rule.left -= 1;
    const delays = this.#isDropped() ? [] : (rule?.fate(packet, this.#delayMs) ?? [this.#delayMs]);
    const atMs = this.clock.nowMs;
    this.passages.push({
      atMs,
      from,
      to,
      packet: packet.slice(),
      text,
      arrivesAtMs: delays.map((delayMs) => atMs + delayMs),
    });
    return delays;
  }

  #host(
    name: string,
    { homes = 1, at, maxPacketBytes }: { readonly [K in keyof HostOptions]: HostOptions[K] | undefined },
  ): { link: MemoryLink; addresses: [string, ...string[]]; host: TestHost & SctpHost } {
    this.#hostCount += 1;
    const [first = '', ...more] =
      at ?? Array.from({ length: homes }, (_, home) => `10.${home}.0.${this.#hostCount}`);
    const addresses: [string, ...string[]] = [first, ...more];
    for (const [home, address] of addresses.entries())
      this.#conversation.name(address, addresses.length === 1 ? name : `${name}${home + 1}`);
    return {
      link: this.#hub.link(addresses, maxPacketBytes),
      addresses,
      host: new TestHost(this.clock, this.#hostCount),
    };
  }
}
