import { Alarm } from '../association/alarm.ts';
import { usableExtension } from '../association/extension.ts';
import type { AttachedExtension, ExtendedAssociation, UsableExtension } from '../association/extension.ts';
import type { Path } from '../association/path.ts';
import { isLaterTsn, nextTsn, previousTsn } from '../association/serial-number.ts';
import { ChunkType } from '../chunks/chunk-type.ts';
import { decodeReConfig, reConfigSizeBytes, writeReConfig } from '../chunks/re-config.ts';
import type { PacketReader } from '../packet/packet-reader.ts';
import type { ReConfigParameter } from '../parameters/re-config-parameters.ts';

/** Re-configuration Response (RFC 6525 section 4.4). */
const Result = { nothingToDo: 0, performed: 1, denied: 2, badSequence: 5, inProgress: 6 } as const;

type OutgoingReset = Extract<ReConfigParameter, { kind: 'outgoing-ssn-reset' }>;

/** How a reset that was asked for has ended. */
export type StreamResetOutcome = 'performed' | 'denied';

interface PendingReset {
  readonly streamIds: readonly number[];
  readonly onDone: (outcome: StreamResetOutcome) => void;
  /** Absent while it waits for what was sent before, and for the reset before it. */
  request?: OutgoingReset;
}

/**
 * Outgoing streams that begin anew at stream sequence number 0 (RFC 6525 section 5.1.2), so that a stream can be used for one thing after
 * the other. The other requests of RFC 6525 are denied.
 */
export class StreamReset implements AttachedExtension {
  readonly #extended: ExtendedAssociation;
  readonly #pending: PendingReset[] = [];
  readonly #repeat: Alarm;
  #nextRequest: number;
  /** Of the peer: the request that is expected, and what the one before was told. */
  #expectedRequest: number;
  #lastResponse: ReConfigParameter | undefined;
  /** A peer's request that waits for data on its way. */
  #awaited: OutgoingReset | undefined;
  /** Hears which streams of the peer begin anew; none means all. */
  onPeerReset: ((streamIds: readonly number[]) => void) | undefined;

  constructor(extended: ExtendedAssociation) {
    this.#extended = extended;
    const { transmitter, receiver } = extended.transfer;
    this.#nextRequest = transmitter.outstanding.firstTsn; // both begin as the TSNs do (section 4.1)
    this.#expectedRequest = nextTsn(receiver.received.cumulativeTsn);
    this.#repeat = new Alarm(extended.block.host, () => this.#send());
  }

  /**
   * Asks for a reset of outgoing streams, once everything sent on the association has been acknowledged.
   * @param streamIds none: all
   */
  reset(streamIds: readonly number[], onDone: (outcome: StreamResetOutcome) => void = () => undefined): void {
    this.#extended.transfer.transmitter.isHeld = true; // nothing new until the peer has begun anew
    this.#pending.push({ streamIds, onDone });
    this.onProgress();
  }

  onChunk(packet: PacketReader, path: Path): void {
    for (const parameter of decodeReConfig(packet).parameters) {
      if (parameter.kind === 'response') this.#onResponse(parameter.responseSequence, parameter.result);
      else this.#onRequest(parameter, path);
    }
  }

  onProgress(): void {
    const { outstanding, queue } = this.#extended.transfer.transmitter;
    const pending = this.#pending[0];
    if (
      pending !== undefined &&
      pending.request === undefined &&
      outstanding.size === 0 &&
      queue.isBetweenMessages
    ) {
      pending.request = {
        kind: 'outgoing-ssn-reset',
        requestSequence: this.#nextRequest,
        responseSequence: previousTsn(this.#expectedRequest),
        lastAssignedTsn: previousTsn(outstanding.nextTsn),
        streamIds: pending.streamIds,
      };
      this.#nextRequest = nextTsn(this.#nextRequest);
      this.#send();
    }
    this.#performAwaited();
  }

  end(): void {
    this.#repeat.end();
  }

  #send(): void {
    const { block } = this.#extended;
    const request = this.#pending[0]?.request;
    if (request === undefined) return;
    const path = block.paths.forData;
    const chunk = { parameters: [request] };
    block.sendChunk(path, (packet) => writeReConfig(packet, chunk), reConfigSizeBytes(chunk));
    this.#repeat.set(path.timeout.timeoutMs);
  }

  #onResponse(responseSequence: number, result: number): void {
    const pending = this.#pending[0];
    if (pending?.request?.requestSequence !== responseSequence || result === Result.inProgress) return;
    this.#repeat.clear();
    this.#pending.shift();
    const { transmitter } = this.#extended.transfer;
    const isDone = result === Result.performed || result === Result.nothingToDo;
    if (isDone) transmitter.queue.resetStreams(pending.streamIds);
    transmitter.isHeld = this.#pending.length > 0;
    transmitter.flush();
    pending.onDone(isDone ? 'performed' : 'denied');
    this.onProgress();
  }

  #onRequest(parameter: Exclude<ReConfigParameter, { kind: 'response' }>, path: Path): void {
    const { requestSequence } = parameter;
    if (requestSequence === previousTsn(this.#expectedRequest) && this.#lastResponse !== undefined) {
      this.#respond(this.#lastResponse, path); // our response was lost (section 5.2.1)
    } else if (requestSequence !== this.#expectedRequest) {
      this.#respond(
        { kind: 'response', responseSequence: requestSequence, result: Result.badSequence },
        path,
      );
    } else if (parameter.kind !== 'outgoing-ssn-reset') {
      this.#conclude(requestSequence, Result.denied, path);
    } else if (this.#hasAllBefore(parameter)) {
      this.#perform(parameter, path);
    } else {
      this.#awaited = parameter;
      this.#respond({ kind: 'response', responseSequence: requestSequence, result: Result.inProgress }, path);
    }
  }

  #performAwaited(): void {
    const awaited = this.#awaited;
    if (awaited !== undefined && this.#hasAllBefore(awaited))
      this.#perform(awaited, this.#extended.block.paths.forData);
  }

  #hasAllBefore({ lastAssignedTsn }: OutgoingReset): boolean {
    return !isLaterTsn(lastAssignedTsn, this.#extended.transfer.receiver.received.cumulativeTsn);
  }

  #perform({ requestSequence, streamIds }: OutgoingReset, path: Path): void {
    this.#awaited = undefined;
    this.#extended.transfer.receiver.resetStreams(streamIds);
    this.#conclude(requestSequence, Result.performed, path);
    this.onPeerReset?.(streamIds);
  }

  #conclude(requestSequence: number, result: number, path: Path): void {
    this.#expectedRequest = nextTsn(requestSequence);
    this.#lastResponse = { kind: 'response', responseSequence: requestSequence, result };
    this.#respond(this.#lastResponse, path);
  }

  #respond(response: ReConfigParameter, path: Path): void {
    const chunk = { parameters: [response] };
    this.#extended.block.sendChunk(path, (packet) => writeReConfig(packet, chunk), reConfigSizeBytes(chunk));
  }
}

/** Stream re-configuration (RFC 6525), as far as resets go: what an endpoint is given as one of its `extensions`. */
export const streamReset: UsableExtension<StreamReset> = usableExtension(
  { chunkTypes: [ChunkType.reConfig], initParameters: () => ({}) },
  (extended) => new StreamReset(extended),
);
