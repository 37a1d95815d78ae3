import { writeAbort } from '../chunks/abort.ts';
import type { AbortChunk } from '../chunks/abort.ts';
import { cookieEchoSizeBytes, writeCookieEcho } from '../chunks/cookie-echo.ts';
import { errorSizeBytes, writeError } from '../chunks/error.ts';
import { writeInit } from '../chunks/init.ts';
import type { InitChunk, InitParameters } from '../chunks/init.ts';
import type { ErrorCause } from '../causes/error-cause.ts';
import type { PathAddress } from '../endpoint/packet-link.ts';
import {
  announcedParameters,
  extensionParameters,
  refusalOf,
  rememberedBy,
  supportedChunkTypes,
} from '../endpoint/announced-parameters.ts';
import type { PacketWriter } from '../packet/packet-writer.ts';
import { joinParameters } from '../parameters/parameter.ts';
import { Alarm } from './alarm.ts';
import type { ControlBlock } from './control-block.ts';
import type { TransferStart } from './data-transfer.ts';
import type { SctpExtension } from './extension.ts';
import type { Path } from './path.ts';

/** RFC 9260 section 3.3.2: nobody may offer less. */
const minimumWindowBytes = 1_500;

export interface HandshakeOptions {
  readonly peerAddresses: readonly [string, ...string[]];
  /** Absent: what the link says, one after the other. */
  readonly udpPort: number | undefined;
  readonly initialTsn: number;
  readonly outboundStreams: number;
  readonly inboundStreams: number;
  readonly extensions: readonly SctpExtension[];
}

/** From an INIT ACK, until the COOKIE ACK. */
interface CookieToEcho {
  readonly bytes: Uint8Array;
  /** Addresses that the application has named and the peer has: only these are known to be the peer's (section 5.4). */
  readonly addresses: readonly string[];
  readonly unrecognized: readonly Uint8Array[];
}

/** What an INIT ACK has told, until the association is up. */
export type PeerStart = Omit<TransferStart, 'localInitialTsn'>;

/** The opening side of the four-way handshake (RFC 9260 section 5.1). */
export class Handshake {
  readonly #block: ControlBlock;
  readonly #options: HandshakeOptions;
  /** T1-init and T1-cookie. */
  readonly #alarm: Alarm;
  /** Every address with every UDP port that may be behind it. */
  readonly #targets: PathAddress[];
  readonly #extensionParameters: Partial<InitParameters>;
  #transmissions = 0;
  #timeoutMs: number;
  #cookie: CookieToEcho | undefined;
  #cookieSentAtMs = 0;
  #staleCookies = 0;
  #cookiePreservativeMs: number | undefined;
  peer: PeerStart | undefined;

  constructor(block: ControlBlock, options: HandshakeOptions) {
    this.#block = block;
    this.#options = options;
    this.#alarm = new Alarm(block.host, () => this.#onTimeout());
    this.#extensionParameters = extensionParameters(options.extensions, block.host);
    this.#targets = targetsOf(block, options);
    for (const target of this.#targets) block.paths.add(target, block.parameters);
    this.#timeoutMs = block.parameters.rtoInitialMs;
  }

  start(): void {
    this.#block.state = 'cookie-wait';
    this.#sendInit();
  }

  /** Whether the peer may be there, as long as nothing has been heard of it. */
  tries({ address, udpPort }: PathAddress): boolean {
    if (this.#block.state !== 'cookie-wait') return false;
    return this.#targets.some((target) => target.address === address && target.udpPort === udpPort);
  }

  /** The INIT of this side, as it is repeated in an INIT ACK when both sides open at once (section 5.2.1). */
  get init(): InitChunk {
    const { initialTsn, outboundStreams, inboundStreams } = this.#options;
    return {
      initiateTag: this.#block.localTag,
      advertisedWindowBytes: this.#block.limits.receiveWindowBytes,
      outboundStreams,
      inboundStreams,
      initialTsn,
      parameters: announcedParameters(this.#block.localAddresses, this.#extensionParameters),
    };
  }

  get #initWithPreservative(): InitChunk {
    const { init } = this;
    if (this.#cookiePreservativeMs === undefined) return init;
    return { ...init, parameters: { ...init.parameters, cookiePreservativeMs: this.#cookiePreservativeMs } };
  }

  /** Section 5.1.4. @param from where it came from */
  onInitAck(init: InitChunk, from: Path): void {
    const block = this.#block;
    if (block.state !== 'cookie-wait' || this.#refuses(init, from)) return; // section 5.2.3
    const { parameters } = init;
    const [source, ...others] = this.#namedAddresses(from.address, parameters.addresses);
    if (source === undefined) return;
    const fault = faultOf(init) ?? refusalOf(this.#options.extensions, parameters);
    block.remoteTag = init.initiateTag;
    if (fault !== undefined) {
      block.events.abortWith(fault);
      return;
    }
    block.outboundStreams = Math.min(this.#options.outboundStreams, init.inboundStreams);
    block.inboundStreams = Math.min(this.#options.inboundStreams, init.outboundStreams);
    const localAddress = block.paths.get(source)?.localAddress ?? from.localAddress;
    const peerAddresses = [...parameters.addresses, from.address];
    block.paths.learn(
      { address: source, udpPort: from.udpPort },
      localAddress,
      peerAddresses,
      block.parameters,
    );
    this.peer = {
      remoteInitialTsn: init.initialTsn,
      remoteWindowBytes: init.advertisedWindowBytes,
      supportedExtensions: supportedChunkTypes(parameters),
      remembered: rememberedBy(this.#options.extensions, this.init.parameters, parameters),
    };
    this.#cookie = {
      bytes: new Uint8Array(parameters.stateCookie ?? []),
      addresses: [source, ...others],
      unrecognized: parameters.unrecognized ?? [],
    };
    block.state = 'cookie-echoed';
    this.#restart();
    this.#sendCookie();
  }

  /**
   * The peer found our cookie too old: once more from the start, asking for a life that is longer by the time that the cookie took, and
   * a second (section 5.2.6). A peer that finds all of them too old is given up.
   */
  onStaleCookie(): void {
    const block = this.#block;
    if (block.state !== 'cookie-echoed') return;
    this.#staleCookies += 1;
    if (this.#staleCookies > block.parameters.maxInitRetransmissions) {
      block.events.peerIsLost();
      return;
    }
    this.#cookiePreservativeMs = Math.ceil(block.host.nowMs() - this.#cookieSentAtMs) + 1_000;
    this.#cookie = undefined;
    block.remoteTag = 0;
    block.state = 'cookie-wait';
    this.#restart();
    this.#sendInit();
  }

  /** It is over, one way or the other. */
  end(): void {
    this.#alarm.end();
  }

  /** What is to be refused without an end of the association, or by a tag that is not the peer's (section 3.3.3). */
  #refuses({ initiateTag, advertisedWindowBytes }: InitChunk, from: Path): boolean {
    const block = this.#block;
    if (initiateTag === 0) {
      this.#sendAbort(from, block.localTag, { tagIsReflected: true, causes: [] });
      block.events.peerIsLost();
      return true;
    }
    if (advertisedWindowBytes >= minimumWindowBytes) return false;
    const cause: ErrorCause = { code: 'protocol-violation', info: new Uint8Array(0) };
    this.#sendAbort(from, initiateTag, { tagIsReflected: false, causes: [cause] });
    return true;
  }

  #sendAbort(path: Path, verificationTag: number, abort: AbortChunk): void {
    const packet = this.#block.packet(path, verificationTag);
    writeAbort(packet, abort);
    this.#block.send(path, packet);
  }

  /** Of the application's and the peer's, the source of the INIT ACK first. None: it is not from who was called. */
  #namedAddresses(source: string, peerAddresses: readonly string[]): string[] {
    const isPeers = (address: string): boolean => address === source || peerAddresses.includes(address);
    const named = this.#options.peerAddresses.filter(isPeers);
    return named.includes(source) ? [source, ...named.filter((address) => address !== source)] : named;
  }

  #restart(): void {
    this.#transmissions = 0;
    this.#timeoutMs = this.#block.parameters.rtoInitialMs;
  }

  #onTimeout(): void {
    const { parameters, state } = this.#block;
    if (this.#transmissions > parameters.maxInitRetransmissions) {
      this.#block.events.peerIsLost();
      return;
    }
    this.#timeoutMs = Math.min(2 * this.#timeoutMs, parameters.rtoMaxMs);
    if (state === 'cookie-wait') this.#sendInit();
    else this.#sendCookie();
  }

  #sendInit(): void {
    const block = this.#block;
    const target = this.#targets[this.#transmissions % this.#targets.length];
    const path = target === undefined ? undefined : block.paths.get(target.address);
    this.#transmissions += 1;
    this.#alarm.set(this.#timeoutMs);
    if (path === undefined || target === undefined) return;
    path.udpPort = target.udpPort;
    const packet = block.packet(path, 0);
    writeInit(packet, 'init', this.#initWithPreservative);
    block.send(path, packet);
  }

  #sendCookie(): void {
    const cookie = this.#cookie;
    if (cookie === undefined) return;
    const { host, paths } = this.#block;
    const usable = cookie.addresses.flatMap((address) => paths.get(address) ?? []);
    const path = usable[this.#transmissions % usable.length];
    this.#transmissions += 1;
    this.#alarm.set(this.#timeoutMs);
    this.#cookieSentAtMs = host.nowMs();
    if (path === undefined) return;
    const write = (packet: PacketWriter): void => {
      writeCookieEcho(packet, { cookie: cookie.bytes });
      if (cookie.unrecognized.length === 0 || this.#transmissions > 1) return;
      const error = { causes: [unrecognizedParameters(cookie.unrecognized)] };
      if (packet.roomBytes >= errorSizeBytes(error)) writeError(packet, error); // section 3.2.2
    };
    this.#block.sendChunk(path, write, cookieEchoSizeBytes(cookie.bytes.length));
  }
}

function targetsOf(
  { link, remotePort }: ControlBlock,
  { peerAddresses, udpPort }: HandshakeOptions,
): PathAddress[] {
  const ports = peerAddresses.map((address) =>
    udpPort === undefined ? link.udpPortsToTry(address, remotePort) : [udpPort],
  );
  const mostPorts = Math.max(...ports.map(({ length }) => length));
  const targets: PathAddress[] = [];
  for (let attempt = 0; attempt < mostPorts; attempt += 1) {
    for (const [index, address] of peerAddresses.entries()) {
      const port = ports[index]?.[attempt];
      if (port !== undefined) targets.push({ address, udpPort: port });
    }
  }
  return targets;
}

function faultOf(init: InitChunk): readonly ErrorCause[] | undefined {
  if (init.outboundStreams === 0 || init.inboundStreams === 0)
    return [{ code: 'invalid-mandatory-parameter' }];
  if (init.parameters.hostName === true)
    return [{ code: 'unresolvable-address', address: new Uint8Array(0) }];
  if (init.parameters.stateCookie === undefined) {
    const stateCookieParameterType = 7;
    return [{ code: 'missing-mandatory-parameter', parameterTypes: [stateCookieParameterType] }];
  }
  return undefined;
}

function unrecognizedParameters(parameters: readonly Uint8Array[]): ErrorCause {
  return { code: 'unrecognized-parameters', parameters: joinParameters(parameters) };
}
