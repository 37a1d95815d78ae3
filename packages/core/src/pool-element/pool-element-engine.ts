import type {
  AsapMessage,
  EndpointKeepAlive,
  MessageTransport,
  Policy,
  PoolHandle,
  ServerAnnounce,
} from '@rserpool/wire';
import type { Channel, ChannelAcceptor } from '../port/channel.ts';
import { RegistrarHunt } from '../registrar-hunt/registrar-hunt.ts';
import type { RegistrarUserHost } from '../registrar-hunt/registrar-hunt-options.ts';
import { Deregistration } from './deregistration.ts';
import { randomElementId } from './element-context.ts';
import type { ElementContext } from './element-context.ts';
import type { PoolElementEvent } from './pool-element-event.ts';
import { poolElementSettings } from './pool-element-options.ts';
import type { PoolElementOptions } from './pool-element-options.ts';
import { Registration } from './registration.ts';

/** A look at a pool element. */
export interface PoolElementState {
  readonly phase:
    | 'new'
    /** Looking for a home registrar. */
    | 'hunting'
    /** Waiting for a registrar to grant the registration. */
    | 'registering'
    | 'registered'
    /** Rejected for a reason that only the application can correct. */
    | 'rejected'
    /** Deregistering; goes on serving the sessions that it has. */
    | 'draining'
    | 'drained'
    | 'stopping'
    | 'stopped';
  readonly elementId: number;
  readonly policy: Policy;
  readonly home: MessageTransport | undefined;
  /** Known once the home registrar has sent a keep-alive. */
  readonly homeRegistrarId: number | undefined;
}

/**
 * The ASAP side of a pool element (RFC 5352 sections 3 and 4): keeps it registered in its pool, at whatever registrar is there, and
 * answers keep-alives. Its sessions are the business of others; it says whether new ones are welcome.
 */
export class PoolElementEngine {
  /** Takes the channels that registrars open to the element. */
  readonly acceptAsap: ChannelAcceptor<AsapMessage, AsapMessage>;
  readonly #context: ElementContext;
  readonly #hunt: RegistrarHunt;
  readonly #poolHandle: PoolHandle;
  readonly #registration: Registration;
  #deregistration: Deregistration | undefined;
  #goal: 'new' | 'serve' | 'drain' | 'stop' | 'stopped' = 'new';
  #drained = false;
  #homeRegistrarId: number | undefined;

  /**
   * @param observe may call the engine
   * @throws RangeError for options that make no sense
   */
  constructor(
    host: RegistrarUserHost,
    options: PoolElementOptions,
    observe: (event: PoolElementEvent) => void,
  ) {
    const settings = poolElementSettings(options);
    this.#poolHandle = settings.poolHandle;
    this.#hunt = new RegistrarHunt(host, settings, {
      onHome: (channel) => this.#onHome(channel),
      onLost: () => this.#onHomeLost(),
      onMessage: (message, channel) => this.#onMessage(message, channel),
    });
    const elementId = settings.elementId ?? randomElementId(host);
    this.#context = { host, settings, hunt: this.#hunt, elementId, emit: observe };
    this.#registration = new Registration(this.#context);
    this.acceptAsap = (channel) => this.#hunt.accept(channel);
  }

  get state(): PoolElementState {
    return {
      phase: this.#phase(),
      elementId: this.#context.elementId,
      policy: this.#registration.policy,
      home: this.#hunt.home?.remote,
      homeRegistrarId: this.#homeRegistrarId,
    };
  }

  /** Whether to take new sessions: from start until drain or stop, with or without a registrar. */
  get acceptsSessions(): boolean {
    return this.#goal === 'serve';
  }

  /** Begins to register. Once. */
  start(): void {
    if (this.#goal !== 'new') return;
    this.#goal = 'serve';
    this.#hunt.start();
  }

  /** Changes the policy's values, usually the load. The policy itself can only be corrected after a rejection. */
  updatePolicy(policy: Policy): void {
    this.#registration.updatePolicy(policy);
  }

  /** No more new sessions: deregisters, but goes on answering registrars. */
  drain(): void {
    if (this.#goal !== 'serve') return;
    this.#goal = 'drain';
    this.#deregister();
  }

  /** Deregisters, in twice T3-deregistration at most, and ends with the event 'stopped'. */
  stop(): void {
    if (this.#goal === 'stop' || this.#goal === 'stopped') return;
    const before = this.#goal;
    this.#goal = 'stop';
    if (this.#drained || before === 'new') this.#finish();
    else if (before === 'serve') this.#deregister();
  }

  /** An announce that was heard by multicast. */
  serverAnnounced(message: ServerAnnounce, source: MessageTransport): void {
    this.#hunt.serverAnnounced(message, source);
  }

  #phase(): PoolElementState['phase'] {
    switch (this.#goal) {
      case 'new':
      case 'stopped':
        return this.#goal;
      case 'stop':
        return 'stopping';
      case 'drain':
        return this.#drained ? 'drained' : 'draining';
      case 'serve':
        if (this.#registration.rejected) return 'rejected';
        if (this.#hunt.home === undefined) return 'hunting';
        return this.#registration.registered ? 'registered' : 'registering';
    }
  }

  #deregister(): void {
    const elementId = this.#registration.requestedElementId;
    this.#registration.stop();
    if (elementId === undefined) {
      this.#context.emit({ type: 'deregistered' }); // never was registered
      this.#deregistrationDone();
      return;
    }
    this.#context.elementId = elementId;
    this.#deregistration = new Deregistration(this.#context, elementId, () => this.#deregistrationDone());
    this.#deregistration.begin();
  }

  #deregistrationDone(): void {
    this.#drained = true;
    if (this.#goal === 'stop') this.#finish();
    else if (this.#hunt.home === undefined) this.#hunt.stop(); // nothing to hunt for
  }

  #finish(): void {
    this.#goal = 'stopped';
    this.#hunt.stop();
    this.#context.emit({ type: 'stopped' });
  }

  #onHome(channel: Channel<AsapMessage>): void {
    this.#homeRegistrarId = undefined;
    if (this.#goal === 'serve') this.#registration.onHome();
    else this.#deregistration?.onHome();
    this.#context.emit({ type: 'home-found', registrar: channel.remote });
  }

  #onHomeLost(): void {
    this.#homeRegistrarId = undefined;
    if (this.#goal === 'serve') this.#registration.onHomeLost();
    else if (this.#drained) this.#hunt.stop();
    this.#context.emit({ type: 'home-lost' });
  }

  #onMessage(message: AsapMessage, channel: Channel<AsapMessage>): void {
    if (message.type === 'endpoint-keep-alive') this.#onKeepAlive(message, channel);
    else if (channel === this.#hunt.home) this.#onHomeMessage(message);
    else this.#ignore(message, 'not from the home registrar');
  }

  #onHomeMessage(message: AsapMessage): void {
    switch (message.type) {
      case 'registration-response':
        if (this.#isMine(message)) this.#registration.onResponse(message);
        else this.#ignore(message, 'for another element');
        break;
      case 'deregistration-response':
        if (!this.#isMine(message)) this.#ignore(message, 'for another element');
        else if (this.#deregistration !== undefined) this.#deregistration.onResponse(message);
        else this.#registration.onExpired(message.causes);
        break;
      case 'error':
        this.#context.emit({ type: 'error-message', causes: message.causes });
        break;
      default:
        this.#ignore(message, 'not for a pool element');
    }
  }

  /** RFC 5352 section 3.4. */
  #onKeepAlive(message: EndpointKeepAlive, channel: Channel<AsapMessage>): void {
    const elementId = this.#registration.requestedElementId;
    const forMe = message.elementId === undefined || message.elementId === elementId;
    if (elementId === undefined || message.poolHandle !== this.#poolHandle || !forMe) {
      this.#ignore(message, 'for another element'); // KA1
      return;
    }
    channel.send({ type: 'endpoint-keep-alive-ack', poolHandle: this.#poolHandle, elementId }); // KA2.1 to KA2.3
    if (this.#drained) {
      this.#leaveAgain(channel);
    } else if (channel === this.#hunt.home) {
      this.#homeRegistrarId = message.registrarId;
    } else if (message.home && message.registrarId !== this.#homeRegistrarId) {
      this.#hunt.adopt(channel); // KA2.4
      this.#homeRegistrarId = message.registrarId;
    }
  }

  /** A registrar that asks still lists the element: it did not hear of the deregistration, because of a partition for instance. */
  #leaveAgain(channel: Channel<AsapMessage>): void {
    if (channel === this.#hunt.home) this.#deregistration?.onHome();
    else this.#hunt.adopt(channel);
  }

  #isMine(message: { readonly poolHandle: PoolHandle; readonly elementId: number }): boolean {
    return message.poolHandle === this.#poolHandle && message.elementId === this.#context.elementId;
  }

  #ignore({ type }: AsapMessage, reason: string): void {
    this.#context.host.log('debug', 'message ignored', { type, reason });
  }
}
