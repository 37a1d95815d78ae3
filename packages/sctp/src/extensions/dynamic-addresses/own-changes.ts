import { Alarm } from '../../association/alarm.ts';
import type { ControlBlock } from '../../association/control-block.ts';
import type { Path } from '../../association/path.ts';
import type { Transmitter } from '../../association/transmitter.ts';
import { isLaterTsn, nextTsn } from '../../association/serial-number.ts';
import type { ErrorCause } from '../../causes/error-cause.ts';
import type { AsconfAckChunk, AsconfResponse } from '../../chunks/asconf-ack.ts';
import { asconfSizeBytes, writeAsconf } from '../../chunks/asconf.ts';
import type { AsconfChunk, AsconfRequest } from '../../chunks/asconf.ts';
import { ChunkType } from '../../chunks/chunk-type.ts';
import { canReach } from '../../endpoint/address-scope.ts';

/** How a change that was asked for has ended. */
export type AddressChangeOutcome =
  | 'performed'
  /** The peer refuses it. */
  | 'denied'
  /** The peer does not know such requests: none is sent any more. */
  | 'unsupported'
  /** The association ended before the peer said anything. */
  | 'unanswered';

/** A change of our addresses that the peer is to be told. */
export interface OwnChange {
  readonly kind: AsconfRequest['kind'];
  readonly address: string;
  readonly onDone: (outcome: AddressChangeOutcome, causes: readonly ErrorCause[]) => void;
}

/** An ASCONF chunk on its way. */
interface Outstanding {
  readonly chunk: AsconfChunk;
  /** In the order of its requests. */
  readonly changes: readonly OwnChange[];
  path: Path;
  transmissions: number;
}

/** Requests of one ASCONF chunk: it fits the least packet, of 576 bytes, with its AUTH chunk (RFC 5061 section 5.1.1, C5). */
const maxRequests = 16;

/** Sends ASCONF chunks, one at a time: our addresses change (RFC 5061 sections 5.1 and 5.3). */
export class OwnChanges {
  readonly #block: ControlBlock;
  readonly #transmitter: Transmitter;
  readonly #waiting: OwnChange[] = [];
  #outstanding: Outstanding | undefined;
  #nextSequence: number;
  #nextCorrelationId = 1;
  readonly #unsupported = new Set<OwnChange['kind']>();
  /** T-4 RTO. */
  readonly #repeat: Alarm;

  constructor(block: ControlBlock, transmitter: Transmitter) {
    this.#block = block;
    this.#transmitter = transmitter;
    this.#nextSequence = transmitter.outstanding.firstTsn; // both begin as the TSNs do (section 5.1, A2)
    this.#repeat = new Alarm(block.host, () => this.#onTimeout());
  }

  /** Our addresses when all changes that were asked for are done. */
  get expectedAddresses(): ReadonlySet<string> {
    const expected = new Set(this.#block.localAddresses);
    for (const { kind, address } of [...(this.#outstanding?.changes ?? []), ...this.#waiting]) {
      if (kind === 'add-address') expected.add(address);
      else if (kind === 'delete-address') expected.delete(address);
    }
    return expected;
  }

  /** Changes that are asked for in one turn of events go together. */
  ask(change: OwnChange): void {
    this.#waiting.push(change);
    if (change.kind === 'add-address') this.#block.outsideAddresses.add(change.address);
    if (this.#waiting.length === 1) this.#block.host.setTimer(0, () => this.#proceed());
  }

  onAcknowledgement({ sequence, responses }: AsconfAckChunk): void {
    const outstanding = this.#outstanding;
    if (outstanding?.chunk.sequence === sequence) this.#conclude(outstanding, responses);
    else if (outstanding === undefined && !isLaterTsn(this.#nextSequence, sequence))
      this.#block.events.abortWith([{ code: 'association-aborted-due-to-illegal-asconf-ack' }]); // section 5.3, F0
  }

  /** The peer does not know ASCONF chunks, though it said so (section 5.1, A9). */
  onPeerError(causes: readonly ErrorCause[]): void {
    const isUnknown = causes.some(
      (cause) => cause.code === 'unrecognized-chunk-type' && cause.chunk[0] === ChunkType.asconf,
    );
    if (!isUnknown) return;
    for (const kind of ['add-address', 'delete-address', 'set-primary-address'] as const)
      this.#unsupported.add(kind);
    this.#repeat.clear();
    const outstanding = this.#outstanding;
    this.#outstanding = undefined;
    for (const change of outstanding?.changes ?? []) this.#done(change, 'unsupported', causes);
    this.#proceed();
  }

  end(): void {
    this.#repeat.end();
    const changes = [...(this.#outstanding?.changes ?? []), ...this.#waiting];
    this.#outstanding = undefined;
    this.#waiting.length = 0;
    for (const { onDone } of changes) this.#block.host.setTimer(0, () => onDone('unanswered', []));
  }

  /** Sends the next, with everything that waits, unless one is on its way (section 5.1, A1 to A4). */
  #proceed(): void {
    if (this.#outstanding !== undefined) return;
    const changes = this.#nextChanges();
    if (changes.length === 0) return;
    const requests = changes.map(({ kind, address }) => {
      const correlationId = this.#nextCorrelationId;
      this.#nextCorrelationId = nextTsn(correlationId);
      return { kind, address, correlationId };
    });
    const chunk = { sequence: this.#nextSequence, address: this.#knownAddress(changes), requests };
    this.#nextSequence = nextTsn(this.#nextSequence);
    this.#outstanding = { chunk, changes, path: this.#block.paths.forData, transmissions: 0 };
    for (const { kind, address } of changes) if (kind === 'delete-address') this.#leave(address);
    this.#send(this.#outstanding);
  }

  /** One of ours that the peer has, and keeps if it may: it finds the association by that when the packet comes from a new one (section 5.3.2). */
  #knownAddress(changes: readonly OwnChange[]): string {
    const { localAddresses } = this.#block;
    const kept = localAddresses.find(
      (own) => !changes.some(({ kind, address }) => kind === 'delete-address' && address === own),
    );
    return kept ?? localAddresses[0] ?? '0.0.0.0';
  }

  /** It is no source from now on, while packets may still arrive there (section 5.3, F4). */
  #leave(address: string): void {
    const { outsideAddresses, link, localAddresses, paths } = this.#block;
    outsideAddresses.add(address);
    const changed = paths.changeLocalAddresses(localAddresses.filter((other) => other !== address));
    if (!link.localAddresses.includes(address)) this.#resend(changed);
  }

  /** It is a source from now on (section 5.3, F2). */
  #use(address: string): void {
    const { outsideAddresses, localAddresses, paths } = this.#block;
    outsideAddresses.delete(address);
    if (!localAddresses.includes(address))
      this.#resend(paths.changeLocalAddresses([...localAddresses, address]));
  }

  /** Where packets went from an address that was gone already. */
  #resend(paths: readonly Path[]): void {
    for (const path of paths) this.#transmitter.resend(path, path);
  }

  /** What waits, but for what cannot be any more: since it was asked for, the peer may have refused an address (section 5.3, F5). */
  #nextChanges(): OwnChange[] {
    const changes: OwnChange[] = [];
    const own = new Set(this.#block.localAddresses);
    while (changes.length < maxRequests) {
      const change = this.#waiting.shift();
      if (change === undefined) break;
      const { kind, address, onDone } = change;
      const isOwn = own.has(address);
      const isPossible = kind === 'add-address' || (isOwn && (kind !== 'delete-address' || own.size > 1));
      if (isPossible && !this.#unsupported.has(kind)) {
        changes.push(change);
        if (kind === 'add-address') own.add(address);
        else if (kind === 'delete-address') own.delete(address);
      } else this.#block.host.setTimer(0, () => onDone(isPossible ? 'unsupported' : 'denied', []));
    }
    return changes;
  }

  #send(outstanding: Outstanding): void {
    const { chunk, path } = outstanding;
    const block = this.#block;
    if (block.state === 'shutdown-ack-sent') return; // section 5.1.1, C4
    const packet = block.packet(path, block.remoteTag, asconfSizeBytes(chunk));
    writeAsconf(packet, chunk);
    block.send(path, packet, this.#sourceFor(outstanding));
    outstanding.transmissions += 1;
    this.#repeat.set(path.timeout.timeoutMs);
  }

  /**
   * Where it is sent from: one that the peer has, the path's own first, or that the chunk adds (section 5.3, F1 and F6); if we have none of these any
   * more, one that is still to be added. Each transmission tries the next.
   */
  #sourceFor({ changes, path, transmissions }: Outstanding): string {
    const { link, localAddresses } = this.#block;
    const expected = [...this.expectedAddresses];
    const added = expected.filter((own) =>
      changes.some((change) => change.kind === 'add-address' && change.address === own),
    );
    const usable = (addresses: readonly string[]): string[] =>
      addresses.filter((own) => link.localAddresses.includes(own) && canReach(own, path.address));
    const isOwn = localAddresses.includes(path.localAddress);
    const known = usable([...new Set([...(isOwn ? [path.localAddress] : []), ...localAddresses, ...added])]);
    const sources = known.length > 0 ? known : usable(expected);
    return sources[transmissions % sources.length] ?? path.localAddress;
  }

  /** Section 5.1, B1 to B5. */
  #onTimeout(): void {
    const outstanding = this.#outstanding;
    if (outstanding === undefined) return;
    const { parameters, paths } = this.#block;
    const { path } = outstanding;
    path.timeout.backOff(parameters);
    paths.failed(path, parameters);
    this.#block.countError();
    if (this.#block.state === 'closed') return;
    const isPath = paths.get(path.address) === path;
    outstanding.path = (isPath ? paths.bestOther(path) : undefined) ?? paths.forData;
    this.#send(outstanding);
  }

  /** Section 5.1, A5 to A8. */
  #conclude(
    { changes, chunk, path, transmissions }: Outstanding,
    responses: readonly AsconfResponse[],
  ): void {
    this.#outstanding = undefined;
    this.#repeat.clear();
    this.#block.errorCount = 0;
    if (transmissions === 1 && path.state !== 'unconfirmed') this.#block.paths.heard(path);
    const responseTo = new Map(responses.map((response) => [response.correlationId, response]));
    let hasFailed = false;
    for (const [index, { correlationId }] of chunk.requests.entries()) {
      const change = changes[index];
      const response = responseTo.get(correlationId);
      if (response?.kind === 'error') hasFailed = true;
      if (change === undefined) continue;
      if (response?.kind === 'success' || (response === undefined && !hasFailed))
        this.#done(change, 'performed');
      else this.#refused(change, response?.kind === 'error' ? response.causes : []);
    }
    this.#proceed();
  }

  #refused(change: OwnChange, causes: readonly ErrorCause[]): void {
    const isUnknown = causes.some(({ code }) => code === 'unrecognized-parameters');
    if (isUnknown) {
      // Section 5.3, F3a and F3b.
      const isPrimary = change.kind === 'set-primary-address';
      for (const kind of isPrimary ? [change.kind] : (['add-address', 'delete-address'] as const))
        this.#unsupported.add(kind);
    }
    this.#done(change, isUnknown ? 'unsupported' : 'denied', causes);
  }

  #done(change: OwnChange, outcome: AddressChangeOutcome, causes: readonly ErrorCause[] = []): void {
    const { kind, address, onDone } = change;
    const isDone = outcome === 'performed';
    const isOurs = (kind === 'add-address' && isDone) || (kind === 'delete-address' && !isDone);
    if (isOurs) this.#use(address);
    onDone(outcome, causes);
  }
}
