import { writeHeartbeat } from '../chunks/heartbeat.ts';
import type { ControlBlock } from './control-block.ts';
import type { Path } from './path.ts';

const nonceBytes = 8;

/**
 * HEARTBEAT chunks find out whether a path works: those that carry no data from time to time (RFC 9260 section 8.3), and each before it is
 * first used (section 5.4). The answer must bring back a random nonce, so nobody can confirm an address that is not his.
 */
export class Heartbeats {
  readonly #block: ControlBlock;

  constructor(block: ControlBlock) {
    this.#block = block;
  }

  /** The association is up, or has a further path. */
  watch(path: Path): void {
    if (path.state === 'unconfirmed') path.heartbeatAlarm.set(0);
    else this.#schedule(path);
  }

  /** After a change of the interval. */
  reschedule(): void {
    for (const path of this.#block.paths.all) if (path.heartbeat === undefined) this.watch(path);
  }

  /** The path's alarm: either it is time for one, or one was not answered. */
  onAlarm(path: Path): void {
    const { state } = this.#block;
    if (state === 'shutdown-sent' || state === 'shutdown-ack-sent') return; // section 8.3: it is too late
    if (path.heartbeat !== undefined) this.#unanswered(path);
    else if (path.state === 'active' && this.#isBusy(path)) this.#schedule(path);
    else this.send(path);
  }

  #unanswered(path: Path): void {
    const { parameters, paths } = this.#block;
    path.heartbeat = undefined;
    const carriesData = path === paths.forData;
    path.timeout.backOff(parameters);
    if (path.errorCount <= parameters.pathMaxRetransmissions) paths.failed(path, parameters);
    else paths.changeSource(path); // the counter stands (section 8.3)
    if (carriesData) this.#block.countError(); // section 8.1: other paths do not count
    if (this.#block.state === 'closed') return;
    if (path.errorCount <= parameters.pathMaxRetransmissions) this.send(path);
    else this.#schedule(path);
  }

  /**
   * New data tells what a HEARTBEAT would (section 8.3). Retransmissions do not: their acknowledgement may be that of the first transmission, on
   * another path.
   */
  #isBusy(path: Path): boolean {
    const { host, parameters } = this.#block;
    return host.nowMs() - path.lastNewDataSentAtMs < parameters.heartbeatIntervalMs;
  }

  send(path: Path): void {
    const { host } = this.#block;
    const nonceHigh = host.randomUint32();
    const nonceLow = host.randomUint32();
    path.heartbeat = { nonceHigh, nonceLow, sentAtMs: host.nowMs() };
    const info = new Uint8Array(nonceBytes);
    const view = new DataView(info.buffer);
    view.setUint32(0, nonceHigh);
    view.setUint32(4, nonceLow);
    this.#block.sendChunk(path, (packet) => writeHeartbeat(packet, 'heartbeat', info));
    path.heartbeatAlarm.set(path.timeout.timeoutMs);
  }

  /** A HEARTBEAT ACK: of the path that the HEARTBEAT went to, wherever the answer comes from. */
  onAnswer(info: Uint8Array): void {
    if (info.length !== nonceBytes) return;
    const view = new DataView(info.buffer, info.byteOffset, nonceBytes);
    const nonceHigh = view.getUint32(0);
    const nonceLow = view.getUint32(4);
    for (const path of this.#block.paths.all) {
      const { heartbeat } = path;
      if (heartbeat?.nonceHigh !== nonceHigh || heartbeat.nonceLow !== nonceLow) continue;
      path.heartbeat = undefined;
      path.timeout.measured(this.#block.host.nowMs() - heartbeat.sentAtMs, this.#block.parameters);
      this.#block.paths.heard(path);
      this.#block.errorCount = 0;
      this.#schedule(path);
    }
  }

  /** HB.Interval, and the RTO with jitter of half of it either way (section 8.3). */
  #schedule(path: Path): void {
    const { host, parameters } = this.#block;
    if (parameters.heartbeatIntervalMs === 0 && path.state === 'active') {
      path.heartbeatAlarm.clear();
      return;
    }
    const jitter = 0.5 + host.randomUint32() / 0x1_0000_0000;
    path.heartbeatAlarm.set(parameters.heartbeatIntervalMs + path.timeout.timeoutMs * jitter);
  }
}
