import { messageText } from '@rserpool/wire';
import type { PoolElementParameter } from '@rserpool/wire';
import type { ElementProcess } from '../pool-world/element-process.ts';
import { PoolWorld } from '../pool-world/pool-world.ts';
import type { Fidelity } from '../pool-world/pool-world.ts';
import type { RegistrarProcess } from '../pool-world/registrar-process.ts';
import type { ScriptedProcess } from '../pool-world/scripted-process.ts';
import type { UserProcess } from '../pool-world/user-process.ts';
import type { Component } from './component.ts';
import { ConversationLog } from './conversation-log.ts';
import type { Conversation } from './conversation.ts';
import { AnswerScript } from './answer-script.ts';
import type { MessageContext, ScriptedMessage } from './scripted-message.ts';

/** Sender and receiver stand before the message; the others are the world's own bookkeeping. */
const neverShown = ['senderId', 'receiverId', 'lineage', 'via'];
/** Fields that are nearly always the same: shown where the file says so. */
export const seldomShown = [
  'userTransport',
  'asapTransport',
  'registrationLifeMs',
  'transports',
  'session',
] as const;
/** Flags that are not set and lists that are empty. */
const nothing = /(^|[ (])(?:\w+=(?:false|\[\])(?: |(?=\)|$)))+/g;

const elementFields = new Set(['elementId']);

/** A conversation's world while it runs. */
export class ConversationWorld implements MessageContext {
  readonly conversation: Conversation;
  readonly world: PoolWorld;
  readonly log: ConversationLog;
  readonly #omitted: ReadonlySet<string>;
  /** Names by identifier, of all that ever had one. */
  readonly #registrarNames = new Map<number, string>();
  readonly #elementNames = new Map<number, string>();

  constructor(conversation: Conversation, seed: number, fidelity: Fidelity) {
    const { quality, failureDetectionMs, connectTimeoutMs } = conversation;
    this.conversation = conversation;
    this.#omitted = new Set([
      ...neverShown,
      ...seldomShown.filter((field) => !conversation.shown.has(field)),
    ]);
    this.world = new PoolWorld({
      seed,
      fidelity,
      network: {
        quality,
        ...(failureDetectionMs === undefined ? {} : { failureDetectionMs }),
        ...(connectTimeoutMs === undefined ? {} : { connectTimeoutMs }),
      },
    });
    this.log = new ConversationLog(this.world);
    for (const [name, addresses] of conversation.hosts) this.world.addHost(name, addresses);
    for (const component of conversation.components.values()) {
      this.world.addressesOf(component.name); // in the order of the file
      this.#know(component);
    }
    for (const { left, right, quality: own } of conversation.links) this.world.setLink(left, right, own);
  }

  /** All that does not start later. */
  startAll(): void {
    for (const { name } of this.conversation.components.values()) {
      if (!this.conversation.later.has(name)) this.start(name);
    }
  }

  /** @param id instead of the one in the file */
  start(name: string, id?: number): void {
    const component = this.conversation.components.get(name);
    if (component === undefined || this.world.process(name) !== undefined) return;
    if (id !== undefined) this.#know(component, id);
    this.log.add({ kind: 'note', text: `${name} starts${id === undefined ? '' : ` as ${id}`}` });
    switch (component.kind) {
      case 'registrar':
        this.world.startRegistrar(name, {
          ...component.options,
          ...(id === undefined ? {} : { registrarId: id }),
        });
        return;
      case 'element': {
        const businessCard = component.card.flatMap((other) => this.#cardEntry(other));
        const identity = id === undefined ? {} : { elementId: id };
        this.world.startElement(name, { ...component.options, ...identity, businessCard });
        return;
      }
      case 'user':
        this.world.startUser(name, component.options);
        return;
      case 'peer':
      case 'client':
        this.#startScripted(component);
    }
  }

  addressesOf(host: string): readonly string[] {
    return this.world.addressesOf(host);
  }

  registrarIdAt(host: string): number {
    const process = this.world.process(host);
    if (process?.kind === 'registrar') return process.engine.id;
    return process?.kind === 'scripted' ? (process.registrarId ?? 0) : 0;
  }

  registrar(name: string): RegistrarProcess | undefined {
    const process = this.world.process(name);
    return process?.kind === 'registrar' ? process : undefined;
  }

  element(name: string): ElementProcess | undefined {
    const process = this.world.process(name);
    return process?.kind === 'element' ? process : undefined;
  }

  user(name: string): UserProcess | undefined {
    const process = this.world.process(name);
    return process?.kind === 'user' ? process : undefined;
  }

  /** Living registrars that are not isolated by being suspended. */
  workingRegistrars(): RegistrarProcess[] {
    return this.world.registrars().filter(({ node }) => !node.suspended);
  }

  say(from: string, to: string, message: ScriptedMessage): void {
    const process = this.world.process(from);
    if (process?.kind !== 'scripted') return;
    if (message.protocol === 'asap') process.sendAsap(to, message.make(this, from, to));
    else if (message.protocol === 'enrp') process.sendEnrp(to, message.make(this, from, to));
    else {
      const { carrier, data } = message;
      this.log.add({ kind: 'sent', protocol: carrier, from, to, message: { type: 'bytes', data } });
      process.sendBytes(to, carrier, data);
    }
  }

  /** The name of a registrar or an element, by an identifier in a field of a message. */
  idText(id: number, field: string): string {
    const names = elementFields.has(field) ? this.#elementNames : this.#registrarNames;
    return names.get(id) ?? (id < 10_000 ? String(id) : `0x${id.toString(16).padStart(8, '0')}`);
  }

  /** The value of a field by itself. */
  valueText(field: string, value: unknown): string {
    return messageText({ [field]: value }, { idText: (id, name) => this.idText(id, name) }).slice(
      field.length + 1,
    );
  }

  /** The fields of a message or an event in one line. */
  fieldsText(content: object): string {
    const text = messageText(content, {
      idText: (id, field) => this.idText(id, field),
      addressText: (address) => this.world.nameOf(address),
      omit: this.#omitted,
    });
    return text.replaceAll(nothing, '$1').trim();
  }

  #know(component: Component, id?: number): void {
    const own =
      component.kind === 'element'
        ? component.options.elementId
        : 'registrarId' in component.options
          ? component.options.registrarId
          : undefined;
    const names = component.kind === 'element' ? this.#elementNames : this.#registrarNames;
    if (id !== undefined && !names.has(id)) names.set(id, `${component.name}(${id})`);
    if (id === undefined && own !== undefined) names.set(own, component.name);
  }

  #startScripted({ name, options }: Component & { kind: 'peer' | 'client' }): ScriptedProcess {
    const script = new AnswerScript(this.conversation.answers.filter((answer) => answer.name === name));
    return this.world.startScripted(name, {
      ...options,
      answerAsap: ({ type }, from) =>
        script
          .to(type)
          .flatMap((answer) => (answer.protocol === 'asap' ? [answer.make(this, name, from)] : [])),
      answerEnrp: ({ type }, from) =>
        script
          .to(type)
          .flatMap((answer) => (answer.protocol === 'enrp' ? [answer.make(this, name, from)] : [])),
    });
  }

  #cardEntry(name: string): PoolElementParameter[] {
    const component = this.conversation.components.get(name);
    if (component?.kind !== 'element') return [];
    const { elementId, policy = { name: 'round-robin' }, registrationLifeMs = 300_000 } = component.options;
    const userTransport = { ...this.world.transport(name, 7000), use: 'data-control' } as const;
    return [{ elementId, homeRegistrarId: 0, registrationLifeMs, userTransport, policy }];
  }
}

/** What a registrar believes: `pool/element@home`, sorted. */
export function viewOf(world: ConversationWorld, registrar: RegistrarProcess): string[] {
  const view: string[] = [];
  for (const pool of registrar.engine.handlespace.pools()) {
    for (const { elementId, homeRegistrarId } of pool.elements()) {
      const [element, home] = [
        world.idText(elementId, 'elementId'),
        world.idText(homeRegistrarId, 'homeRegistrarId'),
      ];
      view.push(`${pool.handle}/${element}@${home}`);
    }
  }
  return view.sort();
}
