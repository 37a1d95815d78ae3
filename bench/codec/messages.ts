import { decodeAsap, decodeEnrp, encodeAsap, encodeEnrp, poolHandle } from '@rserpool/wire';
import type { AsapMessage, DecodeResult, EnrpMessage, PoolElementParameter } from '@rserpool/wire';

/** A kind of message to be timed: several of it, so that neither side meets the same one again at once, and its codec. */
export interface Sample<M = unknown> {
  readonly name: string;
  readonly messages: readonly M[];
  readonly encode: (message: M) => Uint8Array;
  readonly decode: (bytes: Uint8Array) => DecodeResult<M>;
}

/** So many elements are in the messages of a sample together; more than the codec recognises. */
const elementsOfSample = 2_048;

const handle = poolHandle('fractal-generators');
const ids = { senderId: 0x1234_5678, receiverId: 0x8765_4321 } as const;

/** @param isForUsers without the ASAP transport, which only registrars are told */
function element(index: number, isForUsers: boolean): PoolElementParameter {
  const addresses = [`10.1.${(index >> 8) & 255}.${index & 255}`];
  const elementId = Math.imul(0x9e37_79b1, index + 1) >>> 0;
  const homeRegistrarId = 0x1234_5678;
  const registrationLifeMs = 300_000;
  const userTransport = {
    protocol: 'tcp',
    port: 4_000 + (index % 1_000),
    use: 'data-control',
    addresses,
  } as const;
  const policy = { name: 'least-used', load: Math.imul(0x85eb_ca6b, index + 1) >>> 0 } as const;
  const user = { elementId, homeRegistrarId, registrationLifeMs, userTransport, policy };
  if (isForUsers) return user;
  const asapTransport = { protocol: 'tcp', port: 3_863, use: 'data', addresses } as const;
  return { elementId, homeRegistrarId, registrationLifeMs, userTransport, policy, asapTransport };
}

function asap(
  name: string,
  elements: number,
  message: (elements: PoolElementParameter[]) => AsapMessage,
): Sample<AsapMessage> {
  return {
    name,
    messages: messagesOf(elements, true, message),
    encode: (one) => encodeAsap(one, 'rfc'),
    decode: (bytes) => decodeAsap(bytes),
  };
}

function enrp(
  name: string,
  elements: number,
  message: (elements: PoolElementParameter[]) => EnrpMessage,
): Sample<EnrpMessage> {
  return {
    name,
    messages: messagesOf(elements, false, message),
    encode: (one) => encodeEnrp(one, 'rfc'),
    decode: (bytes) => decodeEnrp(bytes),
  };
}

function messagesOf<M>(
  elements: number,
  isForUsers: boolean,
  message: (elements: PoolElementParameter[]) => M,
): M[] {
  const each = Math.max(1, elements);
  return Array.from({ length: Math.ceil(elementsOfSample / each) }, (_, number) =>
    message(Array.from({ length: each }, (_, index) => element(number * each + index, isForUsers))),
  );
}

function resolutionResponse(elements: readonly PoolElementParameter[]): AsapMessage {
  const policy = { name: 'least-used', load: 0 } as const;
  return {
    type: 'handle-resolution-response',
    subscribed: false,
    poolHandle: handle,
    policy,
    elements,
    causes: [],
  };
}

function withFirst<M>(message: (first: PoolElementParameter) => M): (elements: PoolElementParameter[]) => M {
  return ([first]) => message(first ?? element(0, true));
}

export const asapSamples: readonly Sample<AsapMessage>[] = [
  asap(
    'ASAP_REGISTRATION',
    1,
    withFirst((first) => ({ type: 'registration', poolHandle: handle, element: first })),
  ),
  asap(
    'ASAP_REGISTRATION_RESPONSE',
    0,
    withFirst(({ elementId }) => ({
      type: 'registration-response',
      rejected: false,
      poolHandle: handle,
      elementId,
      causes: [],
    })),
  ),
  asap('ASAP_HANDLE_RESOLUTION', 0, () => ({
    type: 'handle-resolution',
    subscribe: false,
    poolHandle: handle,
    items: 1,
  })),
  asap('ASAP_HANDLE_RESOLUTION_RESPONSE, 1 element', 1, resolutionResponse),
  asap('ASAP_HANDLE_RESOLUTION_RESPONSE, 10 elements', 10, resolutionResponse),
  asap('ASAP_HANDLE_RESOLUTION_RESPONSE, 100 elements', 100, resolutionResponse),
  // As a registrar sends it: the elements are those of the answer before, of which one has moved to the end.
  sameElements('ASAP_HANDLE_RESOLUTION_RESPONSE, 100 elements that were sent before'),
];

function sameElements(name: string): Sample<AsapMessage> {
  const elements = Array.from({ length: 100 }, (_, index) => element(index, true));
  const messages = elements.map((_, first) =>
    resolutionResponse([...elements.slice(first), ...elements.slice(0, first)]),
  );
  return { ...asap(name, 100, resolutionResponse), messages };
}

export const enrpSamples: readonly Sample<EnrpMessage>[] = [
  enrp(
    'ENRP_HANDLE_UPDATE',
    1,
    withFirst((first) => ({
      type: 'handle-update',
      ...ids,
      action: 'add',
      takeoverSuggested: false,
      poolHandle: handle,
      element: first,
    })),
  ),
  enrp('ENRP_HANDLE_TABLE_RESPONSE, a page of 128 elements', 128, (elements) => ({
    type: 'handle-table-response',
    ...ids,
    rejected: false,
    more: true,
    pools: [{ poolHandle: handle, elements }],
  })),
  enrp('ENRP_PRESENCE', 0, () => ({
    type: 'presence',
    ...ids,
    replyRequired: false,
    checksum: 0x1234,
    server: {
      registrarId: ids.senderId,
      transport: { protocol: 'tcp', port: 9_901, use: 'data', addresses: ['10.1.1.1'] },
    },
  })),
];
