import type { LinkDirection, VirtualLink } from './virtual-link.ts';
import type { VirtualNetwork } from './virtual-network.ts';

/** A path that failed for losses is tried again after this (HB.interval, RFC 9260 section 16). */
const heartbeatIntervalMs = 30_000;

/** The retransmission timeout doubles so many times at most: 1 s to 64 s (about RTO.Max, RFC 9260 section 16). */
const maxDoublings = 6;

/** One way to the peer, as one end of a connection sees it. */
export interface Path {
  readonly link: VirtualLink;
  readonly out: LinkDirection;
  readonly in: LinkDirection;
  /** Losses in a row. */
  losses: number;
  lastLossMs: number;
  /** Since when nothing passes in at least one direction. */
  brokenSinceMs: number | undefined;
}

/**
 * The paths of a connection: the j-th joins the j-th address of either side, or the first where a side has fewer. The
 * primary carries what is sent, another what has to be sent again (RFC 9260 sections 6.4 and 8.2).
 */
export class Paths {
  readonly #network: VirtualNetwork;
  readonly #all: readonly [Path, ...Path[]];

  constructor(network: VirtualNetwork, near: readonly string[], far: readonly string[]) {
    this.#network = network;
    const path = (index: number): Path => {
      const nearAddress = near[index] ?? near[0] ?? '';
      const farAddress = far[index] ?? far[0] ?? '';
      const link = network.link(nearAddress, farAddress);
      const directions = { out: link.direction(nearAddress), in: link.direction(farAddress) };
      return { link, ...directions, losses: 0, lastLossMs: -Infinity, brokenSinceMs: undefined };
    };
    const further = Math.max(near.length, far.length, 1) - 1;
    this.#all = [path(0), ...Array.from({ length: further }, (_, index) => path(index + 1))];
    this.look();
  }

  get links(): VirtualLink[] {
    return this.#all.map(({ link }) => link);
  }

  get primary(): Path {
    return this.choose(0);
  }

  /** The only path, when it does no more than delay: what takes it needs no retransmission. */
  get plain(): Path | undefined {
    const [only] = this.#all;
    return this.#all.length === 1 && only.link.isPlain ? only : undefined;
  }

  /** Nothing passes on any path, in one direction at least: the connection will be lost. */
  get areBroken(): boolean {
    return this.#all.every(({ brokenSinceMs }) => brokenSinceMs !== undefined);
  }

  get canReceive(): boolean {
    return this.#all.some((path) => !path.in.isCut);
  }

  get canSend(): boolean {
    return this.#all.some((path) => !path.out.isCut);
  }

  /** The path for an attempt to send something; attempts count from 0. */
  choose(attempt: number): Path {
    if (this.#all.length === 1) return this.#all[0];
    const usable = this.#all.filter((path) => this.#isUsable(path));
    const among = usable.length > 0 ? usable : this.#all;
    return among[attempt % among.length] ?? this.#all[0];
  }

  /** What was sent at this attempt and did not arrive is sent again after this. */
  retransmissionTimeoutMs(path: Path, attempt: number): number {
    const least = Math.max(this.#network.retransmissionTimeoutMs, 2 * path.link.roundTripTimeMs);
    return least * 2 ** Math.min(attempt, maxDoublings);
  }

  /** @returns whether the last path has failed with that */
  noteLoss(path: Path): boolean {
    const { nowMs } = this.#network.clock;
    // Whatever is lost before the timer could expire once more belongs to the same failure.
    if (path.losses > 0 && nowMs - path.lastLossMs < this.#network.retransmissionTimeoutMs) return false;
    path.losses++;
    path.lastLossMs = nowMs;
    return this.#all.every((other) => other.losses > this.#network.pathMaxRetransmissions);
  }

  /** Looks which paths are cut. */
  look(): void {
    for (const path of this.#all) {
      const isBroken = path.in.isCut || path.out.isCut;
      if (!isBroken && path.brokenSinceMs !== undefined) path.losses = 0;
      path.brokenSinceMs = isBroken ? (path.brokenSinceMs ?? this.#network.clock.nowMs) : undefined;
    }
  }

  #isUsable({ losses, lastLossMs, brokenSinceMs }: Path): boolean {
    const { clock, pathMaxRetransmissions, failureDetectionMs } = this.#network;
    if (brokenSinceMs !== undefined && clock.nowMs - brokenSinceMs >= failureDetectionMs) return false;
    return losses <= pathMaxRetransmissions || clock.nowMs - lastLossMs >= heartbeatIntervalMs;
  }
}
