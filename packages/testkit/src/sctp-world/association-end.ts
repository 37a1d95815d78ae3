import { defaultProtocolParameters } from '@rserpool/sctp';
import type {
  AssociationHandler,
  AssociationState,
  DownReason,
  ErrorCause,
  OutgoingMessage,
  PathStatus,
  ProtocolParameters,
  ReceivedMessage,
  SctpAssociation,
} from '@rserpool/sctp';
import type { SctpProcess } from './sctp-process.ts';

/** What happens at one end of an association, as its application sees it or does it. */
export type EndEvent =
  | { readonly type: 'opened' }
  | { readonly type: 'accepted' }
  | { readonly type: 'up' }
  | { readonly type: 'sent'; readonly message: OutgoingMessage; readonly mayGoOn: boolean }
  | { readonly type: 'delivered'; readonly message: ReceivedMessage }
  | { readonly type: 'writable' }
  | { readonly type: 'path'; readonly status: PathStatus }
  | { readonly type: 'peer-error'; readonly causes: readonly ErrorCause[] }
  | { readonly type: 'peer-shutdown' }
  | { readonly type: 'paused' | 'resumed' | 'closing' | 'aborting' }
  | {
      readonly type: 'down';
      readonly reason: DownReason;
      readonly undelivered: readonly OutgoingMessage[];
      readonly causes: readonly ErrorCause[];
    };

/** What the application does when something happens. */
export interface EndApplication {
  onUp?(): void;
  onMessage?(): void;
  onWritable?(): void;
  onDown?(): void;
}

const takingStates: readonly AssociationState[] = ['cookie-wait', 'cookie-echoed', 'established'];

/** One end of an association with its application, which tells the world all that it does and hears. */
export class AssociationEnd implements AssociationHandler {
  readonly process: SctpProcess;
  /** `a2>b1`: of the second process of machine a, to machine b; a number counts those with the same name. */
  readonly name: string;
  readonly isOpener: boolean;
  readonly openedAtMs: number;
  /** Set by whoever opens it, before anything can happen. */
  association!: SctpAssociation;
  application: EndApplication = {};
  /** In force now. */
  parameters: ProtocolParameters;
  /** The least RTO.Min that it ever had. */
  leastRtoMs: number;
  /** It may close by itself: autoclose is or was on. */
  autocloses: boolean;
  isUp = false;
  isPaused = false;
  hasClosed = false;
  hasAborted = false;
  peerHasShutDown = false;
  down: DownReason | undefined;
  /** A method of the association is running: it must not call back. */
  isInCall = false;

  constructor(
    process: SctpProcess,
    name: string,
    isOpener: boolean,
    parameters: Partial<ProtocolParameters> = {},
  ) {
    this.process = process;
    this.parameters = { ...defaultProtocolParameters, ...process.options.endpoint.parameters, ...parameters };
    this.leastRtoMs = this.parameters.rtoMinMs;
    this.autocloses = this.parameters.autocloseMs > 0;
    this.name = name;
    this.isOpener = isOpener;
    this.isUp = !isOpener;
    this.openedAtMs = process.world.clock.nowMs;
  }

  /** Neither down nor of a process that was killed. */
  get isAlive(): boolean {
    return this.down === undefined && this.process.alive;
  }

  /** Whether what it sends is taken. */
  get takes(): boolean {
    const isOpen = this.isAlive && !this.hasClosed && !this.hasAborted && !this.peerHasShutDown;
    return isOpen && takingStates.includes(this.association.state);
  }

  /** @returns false: wait for `onWritable` of the application */
  send(streamId: number, unordered: boolean, sizeBytes: number): boolean {
    const message = this.process.world.book.write(this, streamId, unordered, sizeBytes);
    const mayGoOn = this.#call(() => this.association.send(message));
    this.#tell({ type: 'sent', message, mayGoOn });
    return mayGoOn;
  }

  pause(): void {
    if (!this.isAlive || this.isPaused) return;
    this.isPaused = true;
    this.#tell({ type: 'paused' });
    this.#call(() => this.association.pause());
  }

  resume(): void {
    if (!this.isAlive || !this.isPaused) return;
    this.isPaused = false;
    this.#tell({ type: 'resumed' });
    this.#call(() => this.association.resume());
  }

  close(): void {
    if (!this.isAlive || this.hasClosed) return;
    this.hasClosed = true;
    this.#tell({ type: 'closing' });
    this.#call(() => this.association.close());
  }

  abort(): void {
    if (!this.isAlive) return;
    this.hasAborted = true;
    this.#tell({ type: 'aborting' });
    this.#call(() => this.association.abort('enough'));
  }

  /** What has no effect on messages: parameters, another primary path, a heartbeat, a look at the status. */
  configure(change: {
    parameters?: Partial<ProtocolParameters>;
    primary?: string;
    heartbeatTo?: string;
  }): void {
    if (!this.isAlive) return;
    const { parameters, primary, heartbeatTo } = change;
    this.#call(() => {
      if (parameters !== undefined) {
        this.parameters = { ...this.parameters, ...parameters };
        this.leastRtoMs = Math.min(this.leastRtoMs, this.parameters.rtoMinMs);
        this.autocloses ||= this.parameters.autocloseMs > 0;
        this.association.setParameters(parameters);
      }
      if (primary !== undefined) this.association.setPrimary(primary);
      if (heartbeatTo !== undefined) this.association.requestHeartbeat(heartbeatTo);
      this.association.status();
      this.association.roundTripTimeMs();
    });
  }

  onUp(): void {
    this.#tell({ type: 'up' });
    this.isUp = true;
    this.application.onUp?.();
  }

  onMessage(message: ReceivedMessage): void {
    this.#tell({ type: 'delivered', message });
    this.application.onMessage?.();
  }

  onWritable(): void {
    this.#tell({ type: 'writable' });
    this.application.onWritable?.();
  }

  onPathChange(status: PathStatus): void {
    this.#tell({ type: 'path', status });
  }

  onPeerError(causes: readonly ErrorCause[]): void {
    this.#tell({ type: 'peer-error', causes });
  }

  onPeerShutdown(): void {
    this.#tell({ type: 'peer-shutdown' });
    this.peerHasShutDown = true;
  }

  onDown(reason: DownReason, undelivered: readonly OutgoingMessage[], causes: readonly ErrorCause[]): void {
    this.#tell({ type: 'down', reason, undelivered, causes });
    this.down = reason;
    this.application.onDown?.();
  }

  /** The world is told before this end takes note, so that a checker sees what was before. */
  #tell(event: EndEvent): void {
    this.process.world.tellEnd(this, event);
  }

  #call<T>(method: () => T): T {
    this.isInCall = true;
    try {
      return method();
    } finally {
      this.isInCall = false;
    }
  }
}
