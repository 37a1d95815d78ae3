import type { DecodeOptions, DecodeResult } from './decode-error.ts';
import { CauseCode } from './parameters/operation-error.ts';
import { ParameterReader } from './parameters/parameter-reader.ts';
import { ParameterWriter } from './parameters/parameter-writer.ts';
import type { Profile } from './profile.ts';

/*
 * The frame of ASAP and ENRP messages (RFC 5354 section 4):
 *
 *    0                   1                   2                   3
 *    0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *   +---------------+---------------+-------------------------------+
 *   | Message Type  |   Msg Flags   |        Message Length         |
 *   +---------------+---------------+-------------------------------+
 *   :                         Message Value                         :
 *   +---------------------------------------------------------------+
 *
 * Flags that a message does not define are sent as zero and ignored on receipt.
 */

const actionBits = 0xc0;
const stopAndReport = 0x40; // 00 means stop in silence; 10 and 11 are reserved and treated the same

/**
 * Decodes one message, which must fill the bytes; padding at its end may be there or not. `names` are those of the
 * protocol's messages by type; `read` reads the value of the named message.
 */
export function decodeMessage<Name extends string, Message>(
  data: Uint8Array,
  options: DecodeOptions,
  names: ReadonlyMap<number, Name>,
  read: (reader: ParameterReader, name: Name) => Message | null,
): DecodeResult<Message> {
  const type = data[0] ?? 0;
  const name = names.get(type);
  const reader = new ParameterReader(data, options.profile ?? 'rfc', name);
  let message: Message | null = null;
  if (name === undefined) {
    reader.fail('type is unrecognized', CauseCode.unrecognizedMessage, (type & actionBits) === stopAndReport);
  } else if (reader.open()) {
    message = read(reader, name);
    reader.finish();
  }
  if (message === null || reader.error !== undefined) {
    return { ok: false, error: reader.error ?? reader.failure('is incomplete') };
  }
  return { ok: true, message, profile: reader.profile, report: reader.reports };
}

const shared = new ParameterWriter();

/** Encodes one message with its padding. `write` writes the value and may set the writer's flags. */
export function encodeMessage<Message>(
  type: number,
  message: Message,
  profile: Profile,
  write: (writer: ParameterWriter, message: Message) => void,
): Uint8Array {
  shared.start(profile);
  const start = shared.begin(0);
  write(shared, message);
  if (shared.profile.messageLengthCoversPadding) shared.pad();
  shared.end(start);
  shared.pad();
  shared.patchU16(start, (type << 8) | shared.flags);
  return shared.finishTransient();
}
