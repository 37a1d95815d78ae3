import {
  CauseCode,
  type ErrorCause,
  type Policy,
  poolHandleText,
  type PoolHandle,
  type Transport,
} from '@rserpool/wire';
import { hexText } from '../output/json-text.ts';
import { printable } from '../output/printable.ts';
import { policyText } from '../policy-text.ts';

/** Identifiers are written in hexadecimal, as RSPLIB and Wireshark do. */
const identifiers = new Set([
  'elementId',
  'homeRegistrarId',
  'registrarId',
  'senderId',
  'receiverId',
  'targetId',
]);

/** Bytes beyond so many are left out: the line says how many there are. */
const maxShownBytes = 16;
/** The same for lists of numbers. */
const maxShownItems = 8;

/**
 * The fields of a decoded message in one line for people: `poolHandle=EchoPool element=(elementId=0x00001001 …)`. Works for
 * every message of wire, since it goes by the names and shapes of fields.
 */
export function messageText(message: object): string {
  return fieldTexts(message)
    .filter((field) => !field.startsWith('type='))
    .join(' ');
}

/** An identifier of a registrar or pool element. */
export function idText(id: number): string {
  return `0x${id.toString(16).padStart(8, '0')}`;
}

/** A transport address: `sctp/10.1.1.1,10.1.2.1:3863`, with `+control` where it carries the control channel. */
export function transportText(transport: Transport): string {
  if (transport.protocol === 'opaque') return `opaque/${bytesText(transport.data)}`;
  const addresses = transport.addresses.map((address) => (address.includes(':') ? `[${address}]` : address));
  const control = 'use' in transport && transport.use === 'data-control' ? '+control' : '';
  return `${transport.protocol}/${addresses.join(',')}:${transport.port}${control}`;
}

const causeNames = new Map<number, string>(Object.entries(CauseCode).map(([name, code]) => [code, name]));

/** The name of an error cause code, or the code itself. */
export function causeName(code: number): string {
  return causeNames.get(code) ?? `0x${code.toString(16)}`;
}

/** An error cause with the data that came with it. */
function causeText({ code, data }: ErrorCause): string {
  const name = causeName(code);
  return data.length === 0 ? name : `${name}(${bytesText(data)})`;
}

function fieldTexts(value: object): readonly string[] {
  return Object.entries(value)
    .filter(([, inner]) => inner !== undefined)
    .map(([name, inner]: [string, unknown]) => `${name}=${fieldText(name, inner)}`);
}

function fieldText(name: string, value: unknown): string {
  if (typeof value === 'number') return identifiers.has(name) ? idText(value) : String(value);
  if (typeof value === 'string')
    return name === 'poolHandle' ? poolHandleText(value as PoolHandle) : quotedIfNeeded(value);
  if (value instanceof Uint8Array) return bytesText(value);
  if (Array.isArray(value) || value instanceof Uint32Array) return listText(Array.from<unknown>(value));
  if (typeof value !== 'object' || value === null) return String(value);
  if (isTransport(value)) return transportText(value);
  if (isPolicy(value)) return `(${policyText(value)})`;
  if (isCause(value)) return causeText(value);
  return `(${fieldTexts(value).join(' ')})`;
}

function listText(items: readonly unknown[]): string {
  const shown = items.slice(0, maxShownItems).map((item) => fieldText('', item));
  const rest = items.length - shown.length;
  return `[${shown.join(' ')}${rest > 0 ? ` and ${rest} more` : ''}]`;
}

function bytesText(bytes: Uint8Array): string {
  if (bytes.length <= maxShownBytes) return bytes.length === 0 ? 'none' : hexText(bytes);
  return `${hexText(bytes.subarray(0, maxShownBytes))}…${bytes.length}bytes`;
}

function quotedIfNeeded(text: string): string {
  return /^[\w.:/+-]+$/.test(text) ? text : printable(JSON.stringify(text));
}

// Decoded messages are typed, but here we walk through all of them at once: what a field is shows in its shape.
function isTransport(value: object): value is Transport {
  return 'protocol' in value && ('addresses' in value || value.protocol === 'opaque');
}

function isPolicy(value: object): value is Policy {
  return 'name' in value && typeof value.name === 'string';
}

function isCause(value: object): value is ErrorCause {
  return 'code' in value && 'data' in value && value.data instanceof Uint8Array;
}
