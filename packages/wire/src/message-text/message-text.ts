import { CauseCode } from '../parameters/operation-error.ts';
import type { ErrorCause } from '../parameters/operation-error.ts';
import type { Policy } from '../parameters/policy.ts';
import { poolHandleText } from '../parameters/pool-handle.ts';
import type { PoolHandle } from '../parameters/pool-handle.ts';
import type { IpAddress, Transport } from '../parameters/transport.ts';
import { hexText } from './hex-text.ts';
import { policyText } from './policy-text.ts';
import { printable } from './printable.ts';

/** How a message is written. */
export interface MessageTextOptions {
  /** Of registrars and pool elements, by the name of the field. Default {@link idText}. */
  readonly idText?: (id: number, field: string) => string;
  /** Default: the address as it is. */
  readonly addressText?: (address: IpAddress) => string;
  /** Fields of the message, or inside of it, to leave out. */
  readonly omit?: ReadonlySet<string>;
}

/** Identifiers are written in hexadecimal, as RSPLIB and Wireshark do. */
const identifiers = new Set([
  'elementId',
  'homeRegistrarId',
  'registrarId',
  'senderId',
  'receiverId',
  'targetId',
  'mentorId',
  'fromId',
  'toId',
  'byId',
]);

/** Bytes beyond so many are left out: the line says how many there are. */
const maxShownBytes = 16;
/** The same for lists of numbers. */
const maxShownItems = 8;

/**
 * The fields of a decoded message in one line for people: `poolHandle=EchoPool element=(elementId=0x00001001 …)`. Works for
 * every message of this package, since it goes by the names and shapes of fields.
 */
export function messageText(message: object, options: MessageTextOptions = {}): string {
  return new MessageTextWriter(options)
    .fieldTexts(message)
    .filter((field) => !field.startsWith('type='))
    .join(' ');
}

/** An identifier of a registrar or pool element. */
export function idText(id: number): string {
  return `0x${id.toString(16).padStart(8, '0')}`;
}

/** A transport address: `sctp/10.1.1.1,10.1.2.1:3863`, with `+control` where it carries the control channel. */
export function transportText(
  transport: Transport,
  addressText: (address: IpAddress) => string = (address) => address,
): string {
  if (transport.protocol === 'opaque') return `opaque/${bytesText(transport.data)}`;
  const addresses = transport.addresses.map(addressText);
  const shown = Array.from(new Set(addresses), (address) =>
    address.includes(':') ? `[${address}]` : address,
  );
  const control = 'use' in transport && transport.use === 'data-control' ? '+control' : '';
  return `${transport.protocol}/${shown.join(',')}:${transport.port}${control}`;
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

class MessageTextWriter {
  readonly #options: Required<MessageTextOptions>;

  constructor(options: MessageTextOptions) {
    this.#options = { idText, addressText: (address) => address, omit: new Set(), ...options };
  }

  fieldTexts(value: object): readonly string[] {
    return Object.entries(value)
      .filter(([name, inner]) => inner !== undefined && !this.#options.omit.has(name))
      .map(([name, inner]: [string, unknown]) => `${name}=${this.#fieldText(name, inner)}`);
  }

  #fieldText(name: string, value: unknown): string {
    if (typeof value === 'number')
      return identifiers.has(name) ? this.#options.idText(value, name) : String(value);
    if (typeof value === 'string')
      return name === 'poolHandle' ? poolHandleText(value as PoolHandle) : quotedIfNeeded(value);
    if (value instanceof Uint8Array) return bytesText(value);
    if (Array.isArray(value) || value instanceof Uint32Array)
      return this.#listText(Array.from<unknown>(value));
    if (typeof value !== 'object' || value === null) return String(value);
    if (isTransport(value)) return transportText(value, this.#options.addressText);
    if (isPolicy(value)) return `(${policyText(value)})`;
    if (isCause(value)) return causeText(value);
    return `(${this.fieldTexts(value).join(' ')})`;
  }

  #listText(items: readonly unknown[]): string {
    const shown = items.slice(0, maxShownItems).map((item) => this.#fieldText('', item));
    const rest = items.length - shown.length;
    return `[${shown.join(' ')}${rest > 0 ? ` and ${rest} more` : ''}]`;
  }
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
