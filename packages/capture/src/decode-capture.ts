import {
  type AsapMessage,
  type CalcAppMessage,
  type ComponentStatusReport,
  type DecodeResult,
  type EnrpMessage,
  type FractalMessage,
  type PingPongMessage,
  type Profile,
  type ScriptingMessage,
  type WireError,
  decodeAsap,
  decodeCalcApp,
  decodeComponentStatus,
  decodeEnrp,
  decodeFractal,
  decodePingPong,
  decodeScripting,
} from '@rserpool/wire';
import { isoTime } from './capture-time.ts';
import type { CapturedMessage } from './captured-message.ts';
import type { CaptureProtocol } from './payload-protocol.ts';
import { type CaptureOptions, readMessages } from './read-messages.ts';
import { senderProfiles } from './sender-profiles.ts';

/** What an application exchanges in a format of its own. */
export interface ApplicationData {
  readonly type: 'data';
  readonly data: Uint8Array;
}

/** The decoded messages of each protocol. */
interface MessageOf {
  readonly asap: AsapMessage;
  readonly enrp: EnrpMessage;
  readonly fractal: FractalMessage;
  readonly 'ping-pong': PingPongMessage;
  readonly calcapp: CalcAppMessage;
  readonly scripting: ScriptingMessage;
  readonly 'component-status': ComponentStatusReport;
  readonly data: ApplicationData;
}

/** A protocol and a message of it. */
interface Content<P extends CaptureProtocol> {
  readonly protocol: P;
  /** The message's. */
  readonly type: MessageOf[P]['type'];
  readonly message: MessageOf[P];
  readonly error?: never;
}

type AnyContent = { [P in CaptureProtocol]: Content<P> }[CaptureProtocol];

/** Bytes that are no message of their protocol. */
interface Malformed {
  readonly protocol: CaptureProtocol;
  readonly type: 'malformed';
  readonly message?: never;
  readonly error: WireError;
}

/** A message of a capture. Exactly one of `message` and `error` is there. */
export type DecodedMessage = Omit<CapturedMessage, 'timeNs' | 'protocol'> & {
  /** ISO 8601 in UTC with nanoseconds; undefined where the file does not say. */
  readonly time: string | undefined;
} & (AnyContent | Malformed);

export interface DecodeCaptureOptions extends CaptureOptions {
  /**
   * How all senders speak: tells the unit of registration lives. Default: what each sender's messages reveal; where they do
   * not, what the others' do; where none do, `rfc`.
   */
  readonly profile?: Profile;
}

/** Reads a capture (pcapng or pcap) and decodes every message in it. It never throws; see {@link readMessages}. */
export function* decodeCapture(
  file: Uint8Array,
  options: DecodeCaptureOptions = {},
): Generator<DecodedMessage, void> {
  const { profile } = options;
  const profileOf = profile ? (): Profile => profile : senderProfiles(file, options);
  for (const captured of readMessages(file, options)) {
    const { timeNs, protocol, ...rest } = captured;
    yield { time: isoTime(timeNs), ...rest, ...decode(protocol, captured.data, profileOf(captured.source)) };
  }
}

function decode(protocol: CaptureProtocol, data: Uint8Array, profile: Profile): AnyContent | Malformed {
  switch (protocol) {
    case 'asap':
      return content(protocol, decodeAsap(data, { profile }));
    case 'enrp':
      return content(protocol, decodeEnrp(data, { profile }));
    case 'fractal':
      return content(protocol, decodeFractal(data));
    case 'ping-pong':
      return content(protocol, decodePingPong(data));
    case 'calcapp':
      return content(protocol, decodeCalcApp(data));
    case 'scripting':
      return content(protocol, decodeScripting(data));
    case 'component-status':
      return content(protocol, decodeComponentStatus(data));
    case 'data':
      return { protocol, type: 'data', message: { type: 'data', data } };
  }
}

function content<P extends CaptureProtocol>(
  protocol: P,
  result: DecodeResult<MessageOf[P]>,
): Content<P> | Malformed {
  if (!result.ok) return { protocol, type: 'malformed', error: result.error };
  return { protocol, type: result.message.type, message: result.message };
}
