import { deviations } from '../deviations.ts';
import type { Profile } from '../profile.ts';
import { paddedBytes } from './parameter-reader.ts';
import type { ParameterReader } from './parameter-reader.ts';
import { ParameterType } from './parameter-type.ts';
import { ParameterWriter } from './parameter-writer.ts';
import { readPolicy, writePolicy } from './policy.ts';
import type { Policy } from './policy.ts';
import { RecentElements } from './recent-elements.ts';
import { isTransportType, readMessageTransport, readTransport, writeTransport } from './transport.ts';
import type { MessageTransport, Transport } from './transport.ts';

/*
 *    0                   1                   2                   3
 *    0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *   +-------------------------------+-------------------------------+
 *   |          Type = 0xa           |       Length = variable       |
 *   +-------------------------------+-------------------------------+
 *   |                         PE Identifier                         |
 *   +---------------------------------------------------------------+
 *   |                  Home ENRP Server Identifier                  |
 *   +---------------------------------------------------------------+
 *   |                      Registration Life                        |
 *   +---------------------------------------------------------------+
 *   :                   User Transport parameter                    :
 *   +---------------------------------------------------------------+
 *   :               Member Selection Policy parameter               :
 *   +---------------------------------------------------------------+
 *   :              ASAP Transport parameter (optional)              :
 *   +---------------------------------------------------------------+
 *
 * Of two transports the first is the user transport.
 */

/** Pool Element parameter (RFC 5354 section 3.10). */
export interface PoolElementParameter {
  readonly elementId: number;
  /** 0 when undetermined. */
  readonly homeRegistrarId: number;
  /** Infinity for a registration without end. RFC: whole seconds, signed, -1 infinite. RSPLIB: milliseconds, unsigned. */
  readonly registrationLifeMs: number;
  readonly userTransport: Transport;
  readonly policy: Policy;
  /** Where registrars reach the element's ASAP endpoint; filled in by the home registrar (RFC 5352 section 3.1). */
  readonly asapTransport?: MessageTransport;
}

export function readPoolElement(reader: ParameterReader): PoolElementParameter | null {
  const elementId = reader.u32();
  const homeRegistrarId = reader.u32();
  const registrationLifeMs = readRegistrationLife(reader);
  let userTransport: Transport | null = null;
  let policy: Policy | null = null;
  let asapTransport: MessageTransport | null = null;
  while (reader.enter()) {
    if (reader.type === ParameterType.policy) policy = reader.once(policy, readPolicy);
    else if (!isTransportType(reader.type)) reader.unexpected();
    else if (userTransport === null) userTransport = readTransport(reader);
    else asapTransport = reader.once(asapTransport, readMessageTransport);
    reader.leave();
  }
  if (userTransport === null) return reader.missing('a user transport');
  if (policy === null) return reader.missing('a Pool Member Selection Policy');
  return asapTransport === null
    ? { elementId, homeRegistrarId, registrationLifeMs, userTransport, policy }
    : { elementId, homeRegistrarId, registrationLifeMs, userTransport, policy, asapTransport };
}

export function writePoolElement(writer: ParameterWriter, element: PoolElementParameter): void {
  const recent = writer.profile === deviations.rfc ? recentElements.rfc : recentElements.rsplib;
  const bytes = recent.find(element);
  if (bytes !== undefined) {
    writer.pad();
    writer.bytes(bytes);
    return;
  }
  const start = writer.begin(ParameterType.poolElement);
  writer.u32(element.elementId);
  writer.u32(element.homeRegistrarId);
  writer.u32(registrationLife(writer, element.registrationLifeMs));
  writeTransport(writer, element.userTransport);
  writePolicy(writer, element.policy);
  if (element.asapTransport !== undefined) writeTransport(writer, element.asapTransport);
  writer.end(start);
  recent.written(element, writer, start);
}

const recentElements = { rfc: new RecentElements(), rsplib: new RecentElements() } as const;

const sizing = new ParameterWriter();

/** Size of a Pool Element parameter with its padding. Throws WireEncodeError where it cannot be encoded. */
export function poolElementSizeBytes(element: PoolElementParameter, profile: Profile): number {
  sizing.start(profile);
  writePoolElement(sizing, element);
  return paddedBytes(sizing.length);
}

const infinite = 0xffff_ffff; // -1 as the RFC's signed number; RSPLIB's largest
const largestSeconds = 0x7fff_ffff;

function readRegistrationLife(reader: ParameterReader): number {
  const life = reader.u32();
  if (life === infinite) return Infinity;
  if (reader.peer.registrationLifeUnit === 'millisecond') return life;
  if (life > largestSeconds)
    reader.fail(`expected a registration life of -1, 0 or more seconds, got ${life | 0}`);
  return life * 1000;
}

/** Lives are rounded up, so that none ends before its time, and cut to the largest that is not infinite. */
function registrationLife(writer: ParameterWriter, lifeMs: number): number {
  if (lifeMs === Infinity) return infinite;
  if (writer.profile.registrationLifeUnit === 'millisecond') return Math.min(Math.ceil(lifeMs), infinite - 1);
  return Math.min(Math.ceil(lifeMs / 1000), largestSeconds);
}
