import { formatVirtualLog, VirtualClock, VirtualNetwork, VirtualTransport } from '@rserpool/testkit';
import type { VirtualHost, VirtualNode } from '@rserpool/testkit';
import type { PoolHandle, Transport, TransportUse } from '@rserpool/wire';
import type { Association, AssociationHandler } from '../../../src/port/association.ts';
import { plainCookies } from '../../../src/session/cookie-seal.ts';
import type { ElementSelector, Selection, SelectionFailure } from '../../../src/session/element-selector.ts';
import { ServedSession } from '../../../src/session/served-session.ts';
import type { ServedSessionOptions } from '../../../src/session/served-session.ts';
import { SessionEngine } from '../../../src/session/session-engine.ts';
import type { SessionOptions } from '../../../src/session/session-options.ts';
import { elementAddress, elementTransport, pool } from './messages.ts';
import { ServedRecorder } from './served-recorder.ts';
import type { Service } from './served-recorder.ts';
import { UserRecorder } from './user-recorder.ts';

/** Of every link, so that everything takes a predictable time. */
const oneWayDelayMs = 5;

/** What the pool user takes to select an element. */
const selectionMs = 1;

const userAddress = '10.0.0.200';

/** An element of the test pool: a process with its sessions. */
export interface TestElement {
  readonly node: VirtualNode;
  /** One for each accepted association, in order. */
  readonly sessions: readonly ServedRecorder[];
}

export interface ElementOptions extends Partial<ServedSessionOptions> {
  readonly service?: Service;
  readonly use?: TransportUse;
}

/** A pool, its elements, and a pool user's view of it, in virtual time. */
export class SessionWorld {
  readonly clock: VirtualClock;
  readonly network: VirtualNetwork;
  /** Failure reports of the user, by element identifier. */
  readonly reports: number[] = [];
  /** What the registrar knows: it does not notice by itself that an element is dead. */
  readonly registered = new Map<number, Transport>();
  /** What each selection excluded. */
  readonly exclusions: number[][] = [];
  /** What the session wanted resolved for later. */
  readonly prepared: PoolHandle[] = [];
  /** Every selection fails for this reason while it is set. */
  selectionFailure: SelectionFailure | undefined;
  /** Which of the candidates the pool's policy selects. Default the one with the lowest identifier. */
  policy: (candidates: readonly number[]) => number | undefined = ([first]) => first;
  readonly selector: ElementSelector;
  readonly #transport = new VirtualTransport();
  readonly #userNode: VirtualNode;
  readonly #userHost: VirtualHost;

  constructor(seed = 1) {
    this.clock = new VirtualClock(seed);
    this.network = new VirtualNetwork(this.clock, {
      delay: { minMs: oneWayDelayMs, maxMs: oneWayDelayMs },
      connectTimeoutMs: 60_000, // longer than any session's own
    });
    this.#userNode = this.network.node(userAddress);
    this.#userHost = this.#userNode.host('user');
    this.selector = {
      select: (_poolHandle, onResult, { exclude }) => {
        this.exclusions.push([...exclude]);
        return this.#userHost.setTimer(selectionMs, () => onResult(this.#select(exclude)));
      },
      prepare: (poolHandle) => {
        this.prepared.push(poolHandle);
      },
      reportFailure: (_poolHandle, elementId) => {
        this.reports.push(elementId);
      },
    };
  }

  /** For messages of failing tests. */
  get log(): string {
    return formatVirtualLog(this.network.logEntries);
  }

  /** Starts a process that serves the pool, and registers it. */
  startElement(elementId: number, options: ElementOptions = {}): TestElement {
    const { service = {}, use = 'data-control', ...sessionOptions } = options;
    const sessions: ServedRecorder[] = [];
    const node = this.startRawElement(
      elementId,
      (association) =>
        new ServedSession(
          association,
          {
            host: node.host(`element ${elementId}`),
            poolHandle: pool,
            seal: plainCookies,
            ...sessionOptions,
          },
          (session) => {
            const served = new ServedRecorder(session, service);
            sessions.push(served);
            return served;
          },
        ),
      use,
    );
    return { node, sessions };
  }

  /** The same without our element side: for elements that misbehave. */
  startRawElement(
    elementId: number,
    accept: (association: Association) => AssociationHandler,
    use: TransportUse = 'data-control',
  ): VirtualNode {
    const node = this.network.node(elementAddress(elementId));
    const transport = elementTransport(elementId, use);
    void this.#transport.port(node).listen(transport, accept); // listens at once
    this.registered.set(elementId, transport);
    return node;
  }

  /** The process dies and its kernel resets its connections; it stays registered. */
  kill(elementId: number): void {
    this.network.kill(elementAddress(elementId));
  }

  /** The machine dies: nobody answers any more. */
  killMachine(elementId: number): void {
    this.network.kill(elementAddress(elementId), 'machine');
  }

  /** Nothing passes between the user and the element. */
  cut(elementId: number): void {
    this.network.cut(userAddress, elementAddress(elementId));
  }

  heal(elementId: number): void {
    this.network.heal(userAddress, elementAddress(elementId));
  }

  /** What every session of the pool user needs. */
  get sessionOptions(): SessionOptions {
    return {
      host: this.#userHost,
      poolHandle: pool,
      selector: this.selector,
      connectElement: (remote, handler) => this.#transport.port(this.#userNode).connect(remote, handler),
    };
  }

  /** A session of the pool user, opened. */
  openSession(options: Partial<SessionOptions> = {}): { session: SessionEngine; user: UserRecorder } {
    const user = new UserRecorder();
    const session = new SessionEngine({ ...this.sessionOptions, ...options }, user);
    session.open();
    return { session, user };
  }

  /** An association of the user's without our user side: for users that misbehave. */
  connectRaw(elementId: number, handler: AssociationHandler): Association {
    return this.#transport.port(this.#userNode).connect(elementTransport(elementId), handler);
  }

  #select(exclude: ReadonlySet<number>): Selection {
    if (this.selectionFailure !== undefined) return { ok: false, reason: this.selectionFailure };
    const candidates = [...this.registered.keys()].filter((id) => !exclude.has(id)).sort((a, b) => a - b);
    const elementId = this.policy(candidates);
    const userTransport = elementId === undefined ? undefined : this.registered.get(elementId);
    if (elementId === undefined || userTransport === undefined) return { ok: false, reason: 'no-element' };
    return { ok: true, element: { elementId, userTransport } };
  }
}
