import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { EventEmitter, once } from 'node:events';
import { dirname, join } from 'node:path';
import type { Command, PeerEvent, PeerOptions } from './peer-protocol.ts';
import { kernelPlace, ourPlace } from './two-hosts.ts';
import type { Place } from './two-hosts.ts';

type EventOf<Name extends PeerEvent['event']> = Extract<PeerEvent, { readonly event: Name }>;

/** A peer program of lab/programs as a process, which the scenario tells what to do. */
export class PeerProcess {
  readonly place: Place;
  readonly #program: string;
  readonly #child: ChildProcess;
  /** Events that nobody has taken yet. */
  readonly #events: PeerEvent[] = [];
  readonly #changes = new EventEmitter();

  /** On our stack, in our place. Resolves when it listens. */
  static ours(options: Partial<PeerOptions> = {}): Promise<PeerProcess> {
    return PeerProcess.#start('our-peer', ourPlace, options);
  }

  /** On the transport over kernel SCTP, in our place. Resolves when it listens. */
  static transport(options: Partial<PeerOptions> = {}): Promise<PeerProcess> {
    return PeerProcess.#start('transport-peer', ourPlace, options);
  }

  /** On the kernel's SCTP, in its place. Resolves when it listens. */
  static kernel(options: Partial<PeerOptions> = {}): Promise<PeerProcess> {
    return PeerProcess.#start('kernel-peer', kernelPlace, options);
  }

  static async #start(program: string, place: Place, options: Partial<PeerOptions>): Promise<PeerProcess> {
    const { addresses, port } = place;
    const peer = new PeerProcess(program, place, { addresses, port, parameters, ...options });
    await peer.next('ready');
    return peer;
  }

  private constructor(program: string, place: Place, options: PeerOptions) {
    this.place = place;
    this.#program = program;
    // The bundles of scenarios and programs are in one directory.
    const script = join(dirname(process.argv[1] ?? ''), `${program}.mjs`);
    const command = [
      ...place.command,
      process.execPath,
      '--enable-source-maps',
      script,
      JSON.stringify(options),
    ];
    const [file = '', ...args] = command;
    this.#child = spawn(file, args, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
    this.#child.on('exit', () => this.#changes.emit('change'));
    this.#child.on('message', (message) => {
      console.log(program, '->', JSON.stringify(message));
      this.#events.push(message as PeerEvent); // our own program's
      this.#changes.emit('change');
    });
    living.add(this);
  }

  tell(command: Command): void {
    console.log(this.#program, '<-', JSON.stringify(command));
    this.#child.send(command);
  }

  /** Takes the first event of that kind with which `wanted` agrees; others stay. */
  async next<Name extends PeerEvent['event']>(
    event: Name,
    wanted: (found: EventOf<Name>) => boolean = () => true,
    longestWaitMs = 30_000,
  ): Promise<EventOf<Name>> {
    const signal = AbortSignal.timeout(longestWaitMs);
    for (;;) {
      const isIt = (found: PeerEvent): found is EventOf<Name> => found.event === event;
      const found = this.#events.find((one): one is EventOf<Name> => isIt(one) && wanted(one));
      if (found !== undefined) {
        this.#events.splice(this.#events.indexOf(found), 1);
        return found;
      }
      if (signal.aborted || this.#hasEnded)
        throw new Error(`${this.#program}: expected '${event}', got ${JSON.stringify(this.#events)}`);
      await once(this.#changes, 'change', { signal }).catch(() => undefined);
    }
  }

  /** kill -9; resolves when it is gone. */
  async kill(): Promise<void> {
    living.delete(this);
    if (this.#hasEnded) return;
    this.#child.kill('SIGKILL');
    await once(this.#child, 'exit');
  }

  get #hasEnded(): boolean {
    return this.#child.exitCode !== null || this.#child.signalCode !== null;
  }
}

const living = new Set<PeerProcess>();

export async function killPeers(): Promise<void> {
  for (const peer of living) await peer.kill();
}

/** Faults are found soon, though not by mistake where computing is slow. */
export const parameters = {
  rtoInitialMs: 500,
  rtoMinMs: 200,
  rtoMaxMs: 1_000,
  heartbeatIntervalMs: 500,
  pathMaxRetransmissions: 2,
  associationMaxRetransmissions: 6,
};
