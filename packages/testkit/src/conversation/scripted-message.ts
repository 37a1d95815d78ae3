import { AsapMessageType, CauseCode, EnrpMessageType, poolHandle } from '@rserpool/wire';
import type {
  AsapMessage,
  EnrpMessage,
  MessageTransport,
  PoolElementParameter,
  Policy,
} from '@rserpool/wire';
import { enrpPort } from '../pool-world/registrar-process.ts';
import { keysOf } from './keys-of.ts';
import type { ElementName, Names } from './names.ts';
import { readCount, readDuration, readIdentifier } from './quantities.ts';
import { readPolicy } from './read-component.ts';
import type { Words } from './words.ts';

/** What a message must know of the world to be made. */
export interface MessageContext {
  /** Addresses of a host. */
  addressesOf(host: string): readonly string[];
  /** Identifier of the registrar at a host; 0 where there is none. */
  registrarIdAt(host: string): number;
}

/** A message that a peer or a client is told to send. */
export type ScriptedMessage =
  | { readonly protocol: 'asap'; make(context: MessageContext, from: string, to: string): AsapMessage }
  | { readonly protocol: 'enrp'; make(context: MessageContext, from: string, to: string): EnrpMessage }
  | { readonly protocol: 'bytes'; readonly carrier: 'asap' | 'enrp'; readonly data: Uint8Array };

/** What a peer or a client answers to messages of a type. */
export interface ScriptedAnswer {
  readonly name: string;
  readonly to: (AsapMessage | EnrpMessage)['type'];
  /** Only so often; then answers without a limit follow. */
  readonly times: number;
  readonly message: ScriptedMessage;
}

type Unaddressed<M> = M extends EnrpMessage ? Omit<M, 'senderId' | 'receiverId'> : never;

const servicePort = 7000;
const elementAsapPort = 7001;

const asapTypes = keysOf(AsapMessageType);
const enrpTypes = keysOf(EnrpMessageType);

/** Reads the name of a message and what it says. */
export function readScriptedMessage(words: Words, names: Names, speaker: 'peer' | 'client'): ScriptedMessage {
  if (words.take('bytes')) return readBytes(words);
  const enrp = enrpTypes.find((type) => type === words.peek);
  if (speaker === 'peer' && enrp !== undefined) {
    words.next('a message');
    const make = readEnrp(words, enrp, names);
    return {
      protocol: 'enrp',
      make: (context, from, to) => ({
        senderId: context.registrarIdAt(from),
        receiverId: context.registrarIdAt(to),
        ...make(context, from),
      }),
    };
  }
  const known = speaker === 'peer' ? [...enrpTypes, ...asapTypes] : asapTypes;
  const type = words.choice('a message, or bytes', known);
  const asap = asapTypes.find((name) => name === type) ?? words.failLast(`'${type}' is no message of ASAP`);
  return { protocol: 'asap', make: readAsap(words, asap, names) };
}

/** `bytes enrp 0b00 0004`: for what no message says. */
function readBytes(words: Words): ScriptedMessage {
  const carrier = words.choice('a protocol', ['asap', 'enrp']);
  let hex = '';
  do hex += words.next('bytes in hexadecimal');
  while (/^[\da-f]+$/i.test(words.peek ?? ''));
  if (!/^([\da-f]{2})+$/i.test(hex)) words.failLast(`expected bytes in hexadecimal, got '${hex}'`);
  return {
    protocol: 'bytes',
    carrier,
    data: Uint8Array.from(hex.match(/../g) ?? [], (pair) => parseInt(pair, 16)),
  };
}

type MakeAsap = (context: MessageContext, from: string) => AsapMessage;
type MakeEnrp = (context: MessageContext, from: string) => Unaddressed<EnrpMessage>;

function readAsap(words: Words, type: AsapMessage['type'], names: Names): MakeAsap {
  switch (type) {
    case 'registration': {
      const { name, make } = readElement(words, names);
      return (context, from) => ({ type, poolHandle: poolHandle(name.pool), element: make(context, from) });
    }
    case 'deregistration':
    case 'endpoint-unreachable':
    case 'endpoint-keep-alive-ack': {
      const { pool, elementId } = names.readElement(words);
      return () => ({ type, poolHandle: poolHandle(pool), elementId });
    }
    case 'endpoint-keep-alive': {
      const { pool, elementId } = names.readElement(words);
      const home = words.take('home');
      return (context, from) => {
        const registrarId = context.registrarIdAt(from);
        return { type, home, registrarId, poolHandle: poolHandle(pool), elementId };
      };
    }
    case 'handle-resolution': {
      const pool = poolHandle(words.next('a pool handle'));
      const items = words.take('items') ? { items: readCount(words) } : {};
      const subscribe = words.take('subscribe');
      return () => ({ type, subscribe, poolHandle: pool, ...items });
    }
    case 'error': {
      const causes = readCauses(words);
      return () => ({ type, causes });
    }
    default:
      return words.failLast(`'${type}' cannot be written here; use bytes`);
  }
}

function readEnrp(words: Words, type: EnrpMessage['type'], names: Names): MakeEnrp {
  switch (type) {
    case 'presence':
      return readPresence(words);
    case 'handle-table-request': {
      const ownChildrenOnly = words.take('own');
      return () => ({ type, ownChildrenOnly });
    }
    case 'handle-table-response':
      return readTable(words, names);
    case 'handle-update': {
      const action = words.choice('an action', ['add', 'delete']);
      const { name, make } = readElement(words, names);
      const takeoverSuggested = words.take('takeover-suggested');
      const pool = poolHandle(name.pool);
      return (context, from) => ({
        type,
        action,
        takeoverSuggested,
        poolHandle: pool,
        element: make(context, from),
      });
    }
    case 'list-request':
      return () => ({ type });
    case 'list-response': {
      const rejected = words.take('rejected');
      const servers = words.atEnd ? [] : names.readSome(words, 'registrar', 'peer');
      return (context) => ({
        type,
        rejected,
        servers: servers.map((name) => ({
          registrarId: names.idOf(name) ?? 0,
          transport: sctp(context.addressesOf(name), enrpPort),
        })),
      });
    }
    case 'init-takeover':
    case 'init-takeover-ack':
    case 'takeover-server': {
      const targetId = names.readRegistrarId(words);
      return () => ({ type, targetId });
    }
    case 'error': {
      const causes = readCauses(words);
      return () => ({ type, causes });
    }
  }
}

/** `presence reply-required checksum 0xffff anonymous`; `anonymous` leaves out where the sender is. */
function readPresence(words: Words): MakeEnrp {
  const replyRequired = words.take('reply-required');
  const checksum = words.take('checksum') ? { checksum: readCount(words) } : {};
  const anonymous = words.take('anonymous');
  return (context, from) => {
    const transport = sctp(context.addressesOf(from), enrpPort);
    const server = anonymous ? {} : { server: { registrarId: context.registrarIdAt(from), transport } };
    return { type: 'presence', replyRequired, ...checksum, ...server };
  };
}

function readTable(words: Words, names: Names): MakeEnrp {
  const rejected = words.take('rejected');
  const more = words.take('more');
  const elements: ReturnType<typeof readElement>[] = [];
  while (!words.atEnd) {
    elements.push(readElement(words, names));
    words.take(',');
  }
  return (context, from) => {
    const pools = new Map<string, PoolElementParameter[]>();
    for (const { name, make } of elements) {
      pools.set(name.pool, [...(pools.get(name.pool) ?? []), make(context, from)]);
    }
    const entries = Array.from(pools, ([pool, members]) => ({
      poolHandle: poolHandle(pool),
      elements: members,
    }));
    return { type: 'handle-table-response', rejected, more, pools: entries };
  };
}

/** `EchoPool/17 at c1, home r2, life 30 s, policy random, use data, …`, without the commas. */
function readElement(
  words: Words,
  names: Names,
): { name: ElementName; make: (context: MessageContext, from: string) => PoolElementParameter } {
  const name = names.readElement(words);
  let host: string | undefined;
  let homeRegistrarId: number | undefined;
  let registrationLifeMs = 300_000;
  let policy: Policy = { name: 'round-robin' };
  let use: 'data' | 'data-control' = 'data-control';
  let protocol: 'sctp' | 'tcp' = 'sctp';
  let calls = true;
  for (;;) {
    if (words.take('at')) host = names.read(words);
    else if (words.take('home')) homeRegistrarId = names.readRegistrarId(words);
    else if (words.take('life')) registrationLifeMs = words.take('endless') ? Infinity : readDuration(words);
    else if (words.take('policy')) policy = readPolicy(words);
    else if (words.take('use')) use = words.choice('a use of a transport', ['data', 'data-control']);
    else if (words.take('over')) protocol = words.choice('a protocol', ['sctp', 'tcp']);
    else if (words.take('uncallable')) calls = false;
    else break;
  }
  const make = (context: MessageContext, from: string): PoolElementParameter => {
    const addresses = context.addressesOf(host ?? from);
    const home = homeRegistrarId ?? context.registrarIdAt(from);
    const user = { ...sctp(addresses, servicePort), use, protocol };
    const asap = calls ? { asapTransport: sctp(addresses, elementAsapPort) } : {};
    const { elementId } = name;
    return { elementId, homeRegistrarId: home, registrationLifeMs, userTransport: user, policy, ...asap };
  };
  return { name, make };
}

function readCauses(words: Words): { code: number; data: Uint8Array }[] {
  const code = /^\d/.test(words.peek ?? '')
    ? readIdentifier(words)
    : CauseCode[words.choice('an error cause', keysOf(CauseCode))];
  return [{ code, data: new Uint8Array(0) }];
}

function sctp(addresses: readonly string[], port: number): MessageTransport {
  return { protocol: 'sctp', port, use: 'data', addresses: [...addresses] };
}
