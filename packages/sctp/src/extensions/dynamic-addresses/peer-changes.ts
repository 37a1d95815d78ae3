import type { ExtendedAssociation } from '../../association/extension.ts';
import type { AddressRefusal } from '../../association/peer-addresses.ts';
import type { Path } from '../../association/path.ts';
import { isLaterTsn, nextTsn } from '../../association/serial-number.ts';
import type { ErrorCause, RefusedRequestCode } from '../../causes/error-cause.ts';
import { asconfAckSizeBytes, writeAsconfAck } from '../../chunks/asconf-ack.ts';
import type { AsconfAckChunk, AsconfResponse } from '../../chunks/asconf-ack.ts';
import { authSizeBytes } from '../../chunks/auth.ts';
import { decodeAsconf, encodeAsconfRequest } from '../../chunks/asconf.ts';
import type { AsconfChunk, AsconfRequest } from '../../chunks/asconf.ts';
import { isUnicast } from '../../endpoint/address-scope.ts';
import type { PacketReader } from '../../packet/packet-reader.ts';
import { encodeAddresses } from '../../parameters/addresses.ts';
import { parameterHeaderBytes } from '../../parameters/parameter.ts';
import { wellFormed } from './well-formed.ts';

/** ASCONF-ACK chunks that are kept in case the peer has not got them. It has one ASCONF chunk on its way, or some in one packet. */
const maxCachedAcknowledgements = 16;

/** The AUTH chunk that goes before them takes so much at most. */
const authRoomBytes = authSizeBytes(32);

/** Takes ASCONF chunks: the peer's addresses change (RFC 5061 sections 5.2 to 5.4). */
export class PeerChanges {
  readonly #extended: ExtendedAssociation;
  #expectedSequence: number;
  readonly #cache = new Map<number, AsconfAckChunk>();
  /** Of the packet in hand. */
  #answers: AsconfAckChunk[] = [];
  #answersTo: Path | undefined;
  /** The last path that was confirmed is no more: everything waits for another. */
  #waitsForPath = false;

  constructor(extended: ExtendedAssociation, initialSequence: number) {
    this.#extended = extended;
    this.#expectedSequence = initialSequence;
  }

  /**
   * Whether an ASCONF chunk is of this association (section 5.2, D2), whose verification tag it has: by its address, or since it has been
   * performed already, and has deleted that address.
   */
  isOfPeer(packet: PacketReader): boolean {
    const chunk = wellFormed(() => decodeAsconf(packet));
    if (chunk === undefined) return false;
    const isKnown = isWildcard(chunk.address) || this.#extended.block.paths.get(chunk.address) !== undefined;
    return isKnown || this.#cache.has(chunk.sequence);
  }

  /** Throws MalformedChunk. */
  onAsconf(packet: PacketReader, path: Path): void {
    const chunk = decodeAsconf(packet);
    const answer =
      chunk.sequence === this.#expectedSequence ? this.#perform(chunk, path) : this.#cached(chunk);
    if (answer === undefined) return;
    this.#answers.push(answer);
    this.#answersTo = path;
  }

  /** All answers to the ASCONF chunks of a packet go back in one, as many as fit it (section 5.2, E6 and E7). */
  onProgress(): void {
    const path = this.#answersTo;
    if (path !== undefined) this.#sendAnswers(path);
    const { receiver, transmitter } = this.#extended.transfer;
    if (!this.#waitsForPath || this.#extended.block.paths.forData.state === 'unconfirmed') return;
    this.#waitsForPath = false;
    if (receiver.acknowledgement.isPending) receiver.acknowledgement.sendNow();
    transmitter.flush();
  }

  #sendAnswers(path: Path): void {
    const { block, transfer } = this.#extended;
    const answers = this.#answers;
    this.#answers = [];
    this.#answersTo = undefined;
    if (block.state === 'closed' || block.state === 'shutdown-ack-sent') return; // section 5.1.1, C4
    const [firstBytes = 0] = answers.map(asconfAckSizeBytes);
    const packet = block.packet(path, block.remoteTag, firstBytes);
    for (const answer of answers) {
      if (!packet.isEmpty && packet.roomBytes < asconfAckSizeBytes(answer) + authRoomBytes) break;
      writeAsconfAck(packet, answer);
    }
    block.send(path, packet);
    transfer.transmitter.flush(); // elsewhere there may be room
  }

  /** Section 5.2, E2 and E5. */
  #cached({ sequence }: AsconfChunk): AsconfAckChunk | undefined {
    const isStray = isLaterTsn(sequence, this.#expectedSequence);
    if (isStray) this.#extended.block.host.log('info', 'ASCONF out of sequence', { sequence });
    return isStray ? undefined : this.#cache.get(sequence);
  }

  /** Section 5.2, E4. */
  #perform(chunk: AsconfChunk, path: Path): AsconfAckChunk {
    const { sequence } = chunk;
    const responses = this.#performAll(chunk, path);
    const isAllDone = responses.every(({ kind }) => kind === 'success');
    // Where one has failed, those behind it count as failed too unless they are said to have succeeded (section 5.1, A7).
    const answer = { sequence, responses: isAllDone ? [] : responses };
    if (this.#answers.length === 0) this.#cache.clear(); // E1: the peer has got the earlier ones
    this.#cache.set(sequence, answer);
    for (const oldest of this.#cache.keys()) {
      if (this.#cache.size <= maxCachedAcknowledgements) break;
      this.#cache.delete(oldest);
    }
    this.#expectedSequence = nextTsn(sequence);
    this.#waitsForPath = this.#extended.block.paths.forData.state === 'unconfirmed';
    return answer;
  }

  #performAll({ requests, unrecognized = [] }: AsconfChunk, path: Path): AsconfResponse[] {
    const responses: AsconfResponse[] = [];
    let isFailing = false;
    for (const request of requests) {
      const { correlationId, kind } = request;
      const changesAddresses = kind !== 'set-primary-address';
      // Once one ADD or DELETE has failed, all others of its chunk must (section 5.3, F11).
      const cause =
        isFailing && changesAddresses
          ? refusal('operation-refused-due-to-resource-shortage', request)
          : this.#performOne(request, path);
      if (changesAddresses && cause !== undefined) isFailing = true;
      responses.push(
        cause === undefined
          ? { kind: 'success', correlationId }
          : { kind: 'error', correlationId, causes: [cause] },
      );
    }
    return [...responses, ...unrecognized.map(unrecognizedResponse)];
  }

  /** @returns why not */
  #performOne(request: AsconfRequest, path: Path): ErrorCause | undefined {
    const isSource = isWildcard(request.address);
    switch (request.kind) {
      case 'add-address':
        return this.#add(isSource ? path.address : request.address, request, path);
      case 'delete-address':
        return isSource ? this.#deleteOthers(request, path) : this.#delete(request, path);
      case 'set-primary-address':
        return this.#setPrimary(isSource ? path.address : request.address);
    }
  }

  #add(address: string, request: AsconfRequest, source: Path): ErrorCause | undefined {
    if (!isUnicast(address)) return unresolvable(address);
    const { block, peerAddresses } = this.#extended;
    const isSource = address === source.address;
    const knownPort = isSource ? undefined : block.link.knownUdpPort?.(address, block.remotePort);
    const remote = { address, udpPort: knownPort ?? source.udpPort };
    const added = peerAddresses.add(remote, isSource ? source.localAddress : undefined);
    if (typeof added !== 'string') return undefined;
    const code = refusalCodes[added];
    return code === undefined ? unresolvable(address) : refusal(code, request);
  }

  #delete(request: AsconfRequest, source: Path): ErrorCause | undefined {
    const { block, peerAddresses } = this.#extended;
    const { address } = request;
    const path = block.paths.get(address);
    if (path === undefined) return unresolvable(address);
    if (block.paths.addresses.length === 1)
      return refusal('request-to-delete-last-remaining-ip-address', request); // F7
    if (address === source.address) return refusal('request-to-delete-source-ip-address', request); // F8
    peerAddresses.remove(path);
    return undefined;
  }

  /** Section 4.2.2: all but that which the packet came from. */
  #deleteOthers(request: AsconfRequest, source: Path): ErrorCause | undefined {
    const { block, peerAddresses } = this.#extended;
    const kept = block.paths.get(source.address);
    if (kept === undefined) return refusal('request-to-delete-last-remaining-ip-address', request);
    for (const path of [...block.paths.all]) if (path !== kept) peerAddresses.remove(path);
    return undefined;
  }

  #setPrimary(address: string): ErrorCause | undefined {
    const path = this.#extended.block.paths.get(address);
    if (path === undefined) return unresolvable(address);
    this.#extended.peerAddresses.makePrimary(path);
    return undefined;
  }
}

const refusalCodes: Readonly<Record<AddressRefusal, RefusedRequestCode | undefined>> = {
  taken: 'request-refused-no-authorization',
  'too-many': 'operation-refused-due-to-resource-shortage',
  unreachable: undefined,
};

function isWildcard(address: string): boolean {
  return address === '0.0.0.0' || address === '::';
}

function refusal(code: RefusedRequestCode, request: AsconfRequest): ErrorCause {
  return { code, request: encodeAsconfRequest(request) };
}

function unresolvable(address: string): ErrorCause {
  return { code: 'unresolvable-address', address: encodeAddresses([address]) };
}

/** Section 5.2, V2 and V3. */
function unrecognizedResponse(parameter: Uint8Array): AsconfResponse {
  const view = new DataView(parameter.buffer, parameter.byteOffset, parameter.length);
  const hasId = parameter.length >= parameterHeaderBytes + 4;
  return {
    kind: 'error',
    correlationId: hasId ? view.getUint32(parameterHeaderBytes) : 0,
    causes: [{ code: 'unrecognized-parameters', parameters: parameter }],
  };
}
