import type { SctpExtension } from '../association/extension.ts';
import type { SctpAssociation } from '../association/sctp-association.ts';
import { abortSizeBytes, writeAbort } from '../chunks/abort.ts';
import { decodeInit, initSizeBytes, writeInit } from '../chunks/init.ts';
import type { InitChunk } from '../chunks/init.ts';
import { MalformedChunk } from '../chunks/malformed.ts';
import type { ErrorCause } from '../causes/error-cause.ts';
import type { PacketReader } from '../packet/packet-reader.ts';
import { encodeAddresses } from '../parameters/addresses.ts';
import { announcedTo, canReach, isUnicast } from './address-scope.ts';
import {
  announcedParameters,
  extensionParameters,
  refusalOf,
  rememberedBy,
  supportedChunkTypes,
} from './announced-parameters.ts';
import type { EndpointParts } from './endpoint-parts.ts';
import type { PathAddress } from './packet-link.ts';
import type { StateCookie } from './state-cookie.ts';

/** RFC 9260 section 3.3.2. */
const minimumWindowBytes = 1_500;

export interface InitReceiptOptions {
  /** Whether there is an application that takes associations. */
  readonly accepts: boolean;
  readonly outboundStreams: number;
  readonly inboundStreams: number;
  readonly extensions: readonly SctpExtension[];
}

/** Answers INIT chunks without keeping anything: all that is known goes into the state cookie (RFC 9260 sections 5.1.3, 5.2.1 and 5.2.2). */
export class InitReceipt {
  readonly #parts: EndpointParts;
  readonly #options: InitReceiptOptions;

  constructor(parts: EndpointParts, options: InitReceiptOptions) {
    this.#parts = parts;
    this.#options = options;
  }

  /** @param packet its reader on the INIT */
  receive(packet: PacketReader, localAddress: string, from: PathAddress): void {
    const init = initOf(packet);
    if (init === undefined || !isUnicast(from.address)) return;
    const refuse = (causes: readonly ErrorCause[]): void =>
      this.#abort(packet, localAddress, from, init.initiateTag, causes);
    const { table, limits } = this.#parts;
    const existing = table.withPeer(from, init.parameters.addresses, packet.sourcePort);
    const fault = faultOf(init) ?? refusalOf(this.#options.extensions, init.parameters);
    if (fault !== undefined) {
      refuse(fault);
      return;
    }
    if (existing?.state === 'shutdown-ack-sent') {
      existing.repeatShutdownAck(); // section 9.2
      return;
    }
    if (existing === undefined) {
      if (!this.#options.accepts) refuse([]);
      else if (table.all.size >= limits.maxAssociations) refuse([{ code: 'out-of-resource' }]);
      else this.#acknowledge(packet, init, localAddress, from, undefined);
      return;
    }
    if (existing.state === 'cookie-wait') {
      const to = namedAddress(existing, init, localAddress, from);
      if (to !== undefined) this.#acknowledge(packet, init, to.localAddress, from, existing, to);
      return;
    }
    const news = newAddresses(existing, init, from, limits.maxPeerAddresses);
    if (news.length > 0) refuse([{ code: 'restart-with-new-addresses', addresses: encodeAddresses(news) }]);
    else this.#acknowledge(packet, init, localAddress, from, existing);
  }

  /** @param to where the answer goes */
  #acknowledge(
    packet: PacketReader,
    init: InitChunk,
    localAddress: string,
    from: PathAddress,
    existing: SctpAssociation | undefined,
    to: PathAddress = from,
  ): void {
    const { host, jar, link, table, limits, reply } = this.#parts;
    const ownInit = existing === undefined || isUp(existing) ? undefined : existing.ownInit;
    const localTag = ownInit?.initiateTag ?? table.newTag(host);
    const localInitialTsn = ownInit?.initialTsn ?? host.randomUint32();
    const { outboundStreams, inboundStreams, extensions } = this.#options;
    const { addresses } = init.parameters;
    const furtherAddresses = to === from ? addresses : [from.address, ...addresses];
    const own = announcedParameters(
      announcedTo(to.address, link.localAddresses),
      ownInit?.parameters ?? extensionParameters(extensions, host),
    );
    const cookie: StateCookie = {
      createdAtMs: host.nowMs(),
      lifeMs: this.#cookieLifeMs(init),
      localTag,
      remoteTag: init.initiateTag,
      localInitialTsn,
      remoteInitialTsn: init.initialTsn,
      remoteWindowBytes: init.advertisedWindowBytes,
      outboundStreams: Math.min(ownInit?.outboundStreams ?? outboundStreams, init.inboundStreams),
      inboundStreams: Math.min(ownInit?.inboundStreams ?? inboundStreams, init.outboundStreams),
      localTieTag: existing?.remoteTag === 0 ? 0 : (existing?.localTag ?? 0),
      remoteTieTag: existing?.remoteTag ?? 0,
      remotePort: packet.sourcePort,
      source: { address: to.address, udpPort: to.udpPort },
      localAddress,
      addresses: furtherAddresses.filter(isUnicast).slice(0, limits.maxPeerAddresses),
      supportedExtensions: supportedChunkTypes(init.parameters),
      remembered: rememberedBy(extensions, own, init.parameters),
    };
    const { unrecognized } = init.parameters;
    const answer: InitChunk = {
      initiateTag: localTag,
      advertisedWindowBytes: limits.receiveWindowBytes,
      outboundStreams: ownInit?.outboundStreams ?? outboundStreams,
      inboundStreams: ownInit?.inboundStreams ?? inboundStreams,
      initialTsn: localInitialTsn,
      parameters: {
        ...own,
        stateCookie: jar.seal(cookie),
        ...(unrecognized === undefined ? {} : { unrecognized }),
      },
    };
    reply.send(packet, localAddress, to, init.initiateTag, paddedInitBytes(answer), (writer) =>
      writeInit(writer, 'init-ack', answer),
    );
  }

  /** The peer may ask for more (section 3.3.2.1.3), up to as long again. */
  #cookieLifeMs(init: InitChunk): number {
    const { cookieLifeMs } = this.#parts.parameters;
    return cookieLifeMs + Math.min(init.parameters.cookiePreservativeMs ?? 0, cookieLifeMs);
  }

  #abort(
    packet: PacketReader,
    localAddress: string,
    to: PathAddress,
    verificationTag: number,
    causes: readonly ErrorCause[],
  ): void {
    const abort = { tagIsReflected: false, causes };
    this.#parts.reply.send(packet, localAddress, to, verificationTag, abortSizeBytes(abort), (answer) =>
      writeAbort(answer, abort),
    );
  }
}

/** Alone in its packet, well formed, and with a tag of its own; else it is dropped in silence. */
function initOf(packet: PacketReader): InitChunk | undefined {
  try {
    const init = decodeInit(packet);
    if (init.initiateTag === 0 || packet.next() || packet.truncated) return undefined;
    return init;
  } catch (thrown) {
    if (thrown instanceof MalformedChunk) return undefined;
    throw thrown;
  }
}

/** What an INIT must not have (section 3.3.2). */
function faultOf({
  outboundStreams,
  inboundStreams,
  advertisedWindowBytes,
  parameters,
}: InitChunk): readonly ErrorCause[] | undefined {
  if (parameters.hostName === true) return [{ code: 'unresolvable-address', address: new Uint8Array(0) }];
  if (outboundStreams === 0 || inboundStreams === 0) return [{ code: 'invalid-mandatory-parameter' }];
  if (advertisedWindowBytes < minimumWindowBytes)
    return [{ code: 'protocol-violation', info: new Uint8Array(0) }];
  return undefined;
}

function isUp({ state }: SctpAssociation): boolean {
  return state !== 'cookie-wait' && state !== 'cookie-echoed';
}

/**
 * Where the INIT ACK goes while our own INIT is on its way, and where it is sent from: only to an address that the application has named,
 * for it tells our tag (section 5.2.1).
 */
function namedAddress(
  existing: SctpAssociation,
  init: InitChunk,
  localAddress: string,
  from: PathAddress,
): (PathAddress & { readonly localAddress: string }) | undefined {
  const { paths } = existing.status();
  if (paths.some(({ address }) => address === from.address)) return { ...from, localAddress };
  const named = paths.find(({ address }) => init.parameters.addresses.includes(address));
  return named === undefined ? undefined : { ...named, udpPort: from.udpPort };
}

/**
 * A restart must not bring addresses in: somebody else could take an association over (section 5.2.2). Addresses that none of ours can reach
 * never become paths, so they are not new.
 */
function newAddresses(
  existing: SctpAssociation,
  init: InitChunk,
  from: PathAddress,
  maxAddresses: number,
): string[] {
  const known = new Set(existing.remoteAddresses);
  const named = known.size < maxAddresses ? init.parameters.addresses : []; // else further ones were not remembered
  return [...new Set([from.address, ...named])].filter(
    (address) => !known.has(address) && existing.localAddresses.some((own) => canReach(own, address)),
  );
}

function paddedInitBytes(init: InitChunk): number {
  return (initSizeBytes(init) + 3) & ~3;
}
