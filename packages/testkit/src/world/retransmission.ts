import type { Path, Paths } from './paths.ts';
import { theWorld } from './virtual-clock.ts';
import type { VirtualClock } from './virtual-clock.ts';
import type { LinkDirection } from './virtual-link.ts';
import type { VirtualNetwork } from './virtual-network.ts';

/** Something that must get through. */
export interface Packet {
  /** Whether it leaves this end or comes from the other one. */
  readonly way: 'out' | 'in';
  readonly sizeBytes: number;
  /** Asked before it is sent again. */
  readonly isWanted: () => boolean;
  /** It is on its way, and arrives after the delay unless the direction is cut then. */
  travel(direction: LinkDirection, delayMs: number): void;
  onLost?(why: 'loss' | 'cut'): void;
  /** It was lost, and is not wanted any more. */
  onGivenUp?(): void;
}

/**
 * Sends packets over the paths of a connection until they get through. That is a kernel's business: it goes on while the
 * process is suspended, so its timers belong to the world.
 */
export class Retransmission {
  readonly #network: VirtualNetwork;
  readonly #paths: Paths;
  readonly #onFailed: () => void;

  /** @param onFailed every path has failed: too many losses in a row */
  constructor(network: VirtualNetwork, paths: Paths, onFailed: () => void) {
    this.#network = network;
    this.#paths = paths;
    this.#onFailed = onFailed;
  }

  get clock(): VirtualClock {
    return this.#network.clock;
  }

  send(packet: Packet, attempt = 0): void {
    const path = this.#paths.choose(attempt);
    const direction = path[packet.way];
    if (path.link.isPlain) {
      packet.travel(direction, path.link.sampleDelayMs());
      return;
    }
    const fate = direction.fate(this.#network.clock.nowMs, packet.sizeBytes);
    if (fate.lost) {
      this.#lose(packet, path, attempt, 'loss');
    } else {
      path.losses = 0;
      packet.travel(direction, fate.delayMs);
    }
  }

  /**
   * It met a cut on its way; it is sent again over another path.
   * @returns false when every path is cut: it has to wait until one heals
   */
  sendAgain(packet: Packet): boolean {
    const open = packet.way === 'out' ? this.#paths.canSend : this.#paths.canReceive;
    if (open) this.#lose(packet, this.#paths.choose(0), 0, 'cut');
    else packet.onLost?.('cut');
    return open;
  }

  #lose(packet: Packet, path: Path, attempt: number, why: 'loss' | 'cut'): void {
    packet.onLost?.(why);
    if (this.#paths.noteLoss(path)) this.#onFailed();
    const timeoutMs = this.#paths.retransmissionTimeoutMs(path, attempt);
    this.#network.clock.setTimer(
      timeoutMs,
      () => {
        if (packet.isWanted()) this.send(packet, attempt + 1);
        else packet.onGivenUp?.();
      },
      theWorld,
    );
  }
}
