import type { AsapMessage, EnrpMessage, MessageTransport } from '@rserpool/wire';
import type { LinkQuality } from '../world/link-quality.ts';
import type { RandomStream } from '../world/random-stream.ts';
import { VirtualClock } from '../world/virtual-clock.ts';
import { VirtualNetwork } from '../world/virtual-network.ts';
import type { VirtualNetworkOptions } from '../world/virtual-network.ts';
import type { VirtualNode } from '../world/virtual-node.ts';
import { VirtualTransport } from '../world/virtual-transport.ts';
import { ElementProcess } from './element-process.ts';
import type { ElementProcessOptions } from './element-process.ts';
import type { Mangling } from './mangling.ts';
import { RegistrarProcess } from './registrar-process.ts';
import type { RegistrarProcessOptions } from './registrar-process.ts';
import { UserProcess } from './user-process.ts';
import type { UserProcessOptions } from './user-process.ts';
import { ScriptedProcess } from './scripted-process.ts';
import type { ScriptedProcessOptions } from './scripted-process.ts';
import { ByteWiring, TypedWiring } from './wiring.ts';
import type { Wiring } from './wiring.ts';
import { WorldViolation } from './world-observer.ts';
import type { ProcessChange, WorldObserver } from './world-observer.ts';

/** `typed`: ASAP and ENRP messages travel as objects. Otherwise through the wire codec, in this profile. */
export type Fidelity = 'typed' | 'rfc' | 'rsplib';

export interface PoolWorldOptions {
  readonly seed: number;
  /** Default 'typed'. */
  readonly fidelity?: Fidelity;
  readonly network?: VirtualNetworkOptions;
}

export type PoolProcess = RegistrarProcess | ElementProcess | UserProcess | ScriptedProcess;

/**
 * Registrars, pool elements and pool users on virtual hosts: the engines and the session code that ship, in virtual time. Each
 * host has a name and runs one process; a dead process may be followed by another.
 */
export class PoolWorld {
  readonly clock: VirtualClock;
  readonly network: VirtualNetwork;
  readonly fidelity: Fidelity;
  readonly asap: Wiring<AsapMessage>;
  readonly enrp: Wiring<EnrpMessage>;
  /** Between users and elements: always bytes. */
  readonly sessions = new VirtualTransport();
  /** Of ASAP and ENRP messages; only where they travel as bytes. */
  readonly mangling: Mangling = { probability: 0 };
  readonly mangleStream: RandomStream;
  readonly observers: WorldObserver[] = [];
  readonly #hosts = new Map<string, readonly string[]>();
  readonly #names = new Map<string, string>();
  /** The last of each host, alive or dead. */
  readonly #processes = new Map<string, PoolProcess>();
  readonly #incarnations = new Map<string, number>();

  constructor({ seed, fidelity = 'typed', network = {} }: PoolWorldOptions) {
    this.clock = new VirtualClock(seed);
    this.network = new VirtualNetwork(this.clock, network);
    this.fidelity = fidelity;
    this.mangleStream = this.clock.randomStream('mangling');
    if (fidelity === 'typed') {
      this.asap = new TypedWiring();
      this.enrp = new TypedWiring();
    } else {
      const transport = new VirtualTransport();
      this.asap = new ByteWiring(transport, fidelity);
      this.enrp = new ByteWiring(transport, fidelity);
    }
  }

  /** Makes a host known. Unknown ones get one address when they are first named. */
  addHost(name: string, addresses: readonly string[]): void {
    if (this.#hosts.has(name)) throw new Error(`pool world: host '${name}' exists already`);
    this.#hosts.set(name, addresses);
    for (const address of addresses) this.#names.set(address, name);
  }

  addressesOf(name: string): readonly string[] {
    const known = this.#hosts.get(name);
    if (known !== undefined) return known;
    const number = this.#hosts.size + 1;
    const addresses = [`10.0.${number >> 8}.${number & 0xff}`];
    this.addHost(name, addresses);
    return addresses;
  }

  /** The name of the host with an address; the address itself where there is none. */
  nameOf(address: string): string {
    return this.#names.get(address) ?? address;
  }

  transport(name: string, port: number): MessageTransport {
    return { protocol: 'sctp', port, use: 'data', addresses: this.addressesOf(name) };
  }

  startRegistrar(name: string, options: RegistrarProcessOptions): RegistrarProcess {
    return this.#started(new RegistrarProcess(this, name, options));
  }

  startElement(name: string, options: ElementProcessOptions): ElementProcess {
    return this.#started(new ElementProcess(this, name, options));
  }

  startUser(name: string, options: UserProcessOptions): UserProcess {
    return this.#started(new UserProcess(this, name, options));
  }

  startScripted(name: string, options: ScriptedProcessOptions = {}): ScriptedProcess {
    return this.#started(new ScriptedProcess(this, name, options));
  }

  /** The living process of a host. */
  process(name: string): PoolProcess | undefined {
    const process = this.#processes.get(name);
    return process?.alive === true ? process : undefined;
  }

  /** All that live. */
  processes(): PoolProcess[] {
    return [...this.#processes.values()].filter(({ alive }) => alive);
  }

  registrars(): RegistrarProcess[] {
    return this.processes().filter((process) => process.kind === 'registrar');
  }

  elements(): ElementProcess[] {
    return this.processes().filter((process) => process.kind === 'element');
  }

  users(): UserProcess[] {
    return this.processes().filter((process) => process.kind === 'user');
  }

  /** @param how 'process': its kernel resets its connections. 'machine': nobody is left to do so. */
  kill(name: string, how: 'process' | 'machine' = 'process'): void {
    const process = this.process(name);
    if (process === undefined) return;
    this.network.kill(process.node.address, how);
    this.#tell(process, how === 'process' ? 'killed' : 'vanished');
  }

  /** It hangs, as with SIGSTOP: its connections stay, and it does nothing. */
  suspend(name: string): void {
    const process = this.process(name);
    if (process === undefined || process.node.suspended) return;
    this.network.suspend(process.node.address);
    this.#tell(process, 'suspended');
  }

  resume(name: string): void {
    const process = this.process(name);
    if (process?.node.suspended !== true) return;
    this.network.resume(process.node.address);
    this.#tell(process, 'resumed');
  }

  /** Nothing passes any more, on any of the hosts' paths. */
  cut(from: string, to: string, options: { readonly oneWay?: boolean } = {}): void {
    this.#eachPath(from, to, (source, target) => this.network.cut(source, target, options));
    for (const observer of this.observers) observer.onLink?.('cut', from, to, options.oneWay === true);
  }

  heal(from: string, to: string, options: { readonly oneWay?: boolean } = {}): void {
    this.#eachPath(from, to, (source, target) => this.network.heal(source, target, options));
    for (const observer of this.observers) observer.onLink?.('healed', from, to, options.oneWay === true);
  }

  /** Of all the hosts' paths, in both directions; what is not given stays. */
  setLink(left: string, right: string, quality: Partial<LinkQuality>): void {
    this.#eachPath(left, right, (source, target) => this.network.setLink(source, target, quality));
  }

  /** @throws WorldViolation always */
  violation(invariant: string, what: string): never {
    throw new WorldViolation(invariant, what, this.clock);
  }

  /** For a process that starts. */
  newNode(name: string): VirtualNode {
    if (this.process(name) !== undefined) throw new Error(`pool world: a process runs on host '${name}'`);
    const [address = '', ...further] = this.addressesOf(name);
    return this.network.node(address, ...further);
  }

  /** For a process that starts: counts those of its host. */
  nextIncarnation(name: string): number {
    const incarnation = (this.#incarnations.get(name) ?? 0) + 1;
    this.#incarnations.set(name, incarnation);
    return incarnation;
  }

  #started<P extends PoolProcess>(process: P): P {
    this.#processes.set(process.name, process);
    this.#tell(process, 'started');
    return process;
  }

  #tell(process: PoolProcess, change: ProcessChange): void {
    for (const observer of this.observers) observer.onProcess?.(process, change);
  }

  #eachPath(from: string, to: string, act: (source: string, target: string) => void): void {
    for (const source of this.addressesOf(from)) {
      for (const target of this.addressesOf(to)) act(source, target);
    }
  }
}
