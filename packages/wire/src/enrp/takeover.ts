import type { ParameterReader } from '../parameters/parameter-reader.ts';
import type { ParameterWriter } from '../parameters/parameter-writer.ts';
import { writeEnrpHeader } from './enrp-header.ts';
import type { EnrpHeader } from './enrp-header.ts';

/*
 * The three messages differ in their type: 0x07 ENRP_INIT_TAKEOVER, 0x08 ENRP_INIT_TAKEOVER_ACK, 0x09 ENRP_TAKEOVER_SERVER.
 *
 *    0                   1                   2                   3
 *    0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *   +---------------+---------------+-------------------------------+
 *   |  Type = 0x07  |0|0|0|0|0|0|0|0|        Message Length         |
 *   +---------------+---------------+-------------------------------+
 *   |                      Sending Server's ID                      |
 *   +---------------------------------------------------------------+
 *   |                     Receiving Server's ID                     |
 *   +---------------------------------------------------------------+
 *   |                     Targeting Server's ID                     |
 *   +---------------------------------------------------------------+
 */

/** ENRP_INIT_TAKEOVER (RFC 5353 section 2.7): the sender intends to take over the target. */
export interface InitTakeover extends EnrpHeader {
  readonly type: 'init-takeover';
  readonly targetId: number;
}

/** ENRP_INIT_TAKEOVER_ACK (RFC 5353 section 2.8): the sender does not object. */
export interface InitTakeoverAck extends EnrpHeader {
  readonly type: 'init-takeover-ack';
  readonly targetId: number;
}

/** ENRP_TAKEOVER_SERVER (RFC 5353 section 2.9): the sender has taken over the target. */
export interface TakeoverServer extends EnrpHeader {
  readonly type: 'takeover-server';
  readonly targetId: number;
}

type Takeover = InitTakeover | InitTakeoverAck | TakeoverServer;

export function readTakeover<Type extends Takeover['type']>(
  reader: ParameterReader,
  type: Type,
): {
  readonly type: Type;
  readonly senderId: number;
  readonly receiverId: number;
  readonly targetId: number;
} {
  const takeover = { type, senderId: reader.u32(), receiverId: reader.u32(), targetId: reader.u32() };
  reader.rest();
  return takeover;
}

export function writeTakeover(writer: ParameterWriter, message: Takeover): void {
  writeEnrpHeader(writer, message);
  writer.u32(message.targetId);
}
