import { AsapMessageType, EnrpMessageType } from '@rserpool/wire';
import { verbNames } from './actions.ts';
import type { Component } from './component.ts';
import type { Conversation, Step } from './conversation.ts';
import { seldomShown } from './conversation-world.ts';
import { eventTypes, groups, messageTypes } from './entry-names.ts';
import { keysOf } from './keys-of.ts';
import { readLinkQuality } from './link-quality.ts';
import { componentKinds, Names } from './names.ts';
import { readCount, readDuration } from './quantities.ts';
import { isComponentKind, readComponent } from './read-component.ts';
import { StepReader, stepWords } from './read-step.ts';
import { readScriptedMessage } from './scripted-message.ts';
import type { ScriptedAnswer } from './scripted-message.ts';
import { ConversationFileError, ConversationSyntaxError } from './syntax-error.ts';
import { Words } from './words.ts';

export const headWords = [
  'title',
  'reference',
  'about',
  'seed',
  'fidelity',
  'hide',
  'show',
  'trace',
  'links',
  'failure-detection',
  'connect-timeout',
  'host',
  'link',
  'when',
] as const;

const reserved = new Set(['views', 'not', 'none', 'but', 'as', 'by', 'to', 'on', ...verbNames]);

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] };

/**
 * Reads a conversation file.
 * @param file its name, for messages
 * @throws ConversationFileError with every line that is wrong
 */
export function parseConversation(text: string, file: string): Conversation {
  return new ConversationParser(text, file).parse();
}

class ConversationParser {
  readonly #lines: readonly string[];
  readonly #file: string;
  readonly #names = new Names();
  readonly #steps = new StepReader();
  readonly #errors: ConversationSyntaxError[] = [];
  readonly #references: string[] = [];
  readonly #about: string[] = [];
  readonly #hidden = new Set<string>();
  readonly #shown = new Set<string>();
  readonly #hosts = new Map<string, readonly string[]>();
  readonly #links: Conversation['links'][number][] = [];
  readonly #components = new Map<string, Component>();
  readonly #answers: ScriptedAnswer[] = [];
  readonly #stepList: Step[] = [];
  readonly #head: Mutable<
    Pick<
      Conversation,
      'title' | 'seed' | 'fidelity' | 'traceFromMs' | 'quality' | 'failureDetectionMs' | 'connectTimeoutMs'
    >
  > = {
    title: '',
    seed: 1,
    fidelity: 'typed',
    traceFromMs: 0,
    quality: {},
    failureDetectionMs: undefined,
    connectTimeoutMs: undefined,
  };

  constructor(text: string, file: string) {
    this.#lines = text.split(/\r?\n/);
    this.#file = file;
  }

  parse(): Conversation {
    this.#eachLine((words) => this.#declare(words));
    this.#eachLine((words) => this.#readComponent(words));
    // Without all components the rest would only be misunderstood.
    if (this.#errors.length === 0) this.#eachLine((words) => this.#readOther(words));
    if (this.#head.title === '' && this.#errors.length === 0) {
      this.#complain(1, 'expected a line that begins with title, got none');
    }
    if (this.#errors.length > 0) {
      throw new ConversationFileError(this.#errors.toSorted((left, right) => left.line - right.line));
    }
    const later = this.#startedLater();
    return {
      file: this.#file,
      ...this.#head,
      references: this.#references,
      about: this.#about,
      hidden: this.#hidden,
      shown: this.#shown,
      hosts: this.#hosts,
      links: this.#links,
      components: this.#components,
      later,
      answers: this.#answers,
      steps: this.#stepList,
    };
  }

  #eachLine(read: (words: Words) => void): void {
    for (const [index, line] of this.#lines.entries()) {
      const words = new Words(this.#file, index + 1, line);
      if (words.atEnd) continue;
      try {
        read(words);
      } catch (error) {
        if (!(error instanceof ConversationSyntaxError)) throw error;
        this.#errors.push(error);
      }
    }
  }

  #complain(line: number, what: string): void {
    this.#errors.push(new ConversationSyntaxError({ file: this.#file, line, column: 1 }, what));
  }

  /** Names are known in the whole file, so they are collected first. */
  #declare(words: Words): void {
    const kind = words.next('a line');
    if (!isComponentKind(kind)) return;
    const name = words.next('a name');
    if (!/^[a-z][\w.-]*$/i.test(name))
      words.failLast(`expected a name that begins with a letter, got '${name}'`);
    if (reserved.has(name)) {
      words.failLast(`expected a name, got the word '${name}' of the language`);
    }
    if (this.#names.kindOf(name) !== undefined) words.failLast(`'${name}' is declared already`);
    this.#names.declare(name, kind);
  }

  #readComponent(words: Words): void {
    const kind = words.choice('a line', [...headWords, ...componentKinds, ...stepWords]);
    if (!isComponentKind(kind)) return;
    const component = readComponent(words, kind, this.#names);
    this.#components.set(component.name, component);
  }

  #readOther(words: Words): void {
    const first = words.peek;
    if (stepWords.some((word) => word === first)) {
      this.#stepList.push(this.#steps.read(words, this.#names));
    } else if (!isComponentKind(first)) this.#readHead(words, words.choice('a line', headWords));
  }

  #readHead(words: Words, word: (typeof headWords)[number]): void {
    switch (word) {
      case 'title':
        words.take(':');
        this.#head.title = words.rest();
        break;
      case 'reference':
        words.take(':');
        this.#references.push(words.rest());
        break;
      case 'about':
        words.take(':');
        this.#about.push(words.rest());
        break;
      case 'seed':
        this.#head.seed = readCount(words, 'a seed');
        break;
      case 'fidelity':
        this.#head.fidelity = words.choice('a fidelity', ['typed', 'rfc', 'rsplib']);
        break;
      case 'hide':
        this.#readHide(words);
        break;
      case 'show':
        do this.#shown.add(words.choice(`a field, or 'connections'`, [...seldomShown, 'connections']));
        while (words.take(','));
        break;
      case 'trace':
        words.expect('from');
        this.#head.traceFromMs = readDuration(words);
        break;
      case 'links':
        words.take(':');
        this.#head.quality = { ...this.#head.quality, ...readLinkQuality(words) };
        break;
      case 'failure-detection':
        this.#head.failureDetectionMs = readDuration(words);
        break;
      case 'connect-timeout':
        this.#head.connectTimeoutMs = readDuration(words);
        break;
      case 'host':
        this.#readHost(words);
        break;
      case 'link':
        this.#readLink(words);
        break;
      case 'when':
        this.#readAnswer(words);
    }
    words.end();
  }

  /** `hide presence, keep-alive` */
  #readHide(words: Words): void {
    const known = [...new Set<string>([...keysOf(groups), ...messageTypes, ...eventTypes])];
    do {
      const name = words.choice('a message or an event', known);
      const members: readonly string[] = Object.entries(groups).find(([group]) => group === name)?.[1] ?? [
        name,
      ];
      for (const member of members) this.#hidden.add(member);
    } while (words.take(','));
  }

  /** `host r1: 10.1.1.1 10.1.2.1` */
  #readHost(words: Words): void {
    const name = this.#names.read(words);
    words.expect(':');
    const addresses = [words.next('an address')];
    while (!words.atEnd) addresses.push(words.next('an address'));
    const known = [...this.#hosts.values()].flat();
    const taken = addresses.find((address) => known.includes(address));
    if (taken !== undefined) words.failLast(`the address ${taken} is taken`);
    this.#hosts.set(name, addresses);
  }

  /** `link r1 - r2: delay 200 ms, loss 10 %` */
  #readLink(words: Words): void {
    const left = this.#names.read(words);
    words.expect('-');
    const right = this.#names.read(words);
    words.expect(':');
    this.#links.push({ left, right, quality: readLinkQuality(words) });
  }

  /** `when p5 gets handle-table-request: handle-table-response EchoPool/17` */
  #readAnswer(words: Words): void {
    const name = this.#names.read(words, 'peer', 'client');
    words.expect('gets');
    const to = words.choice('a message', [...keysOf(AsapMessageType), ...keysOf(EnrpMessageType)]);
    const times = words.take('first') ? readCount(words, 'how often') : Infinity;
    if (times < Infinity && !words.take('time')) words.expect('times');
    words.expect(':');
    const speaker = this.#names.kindOf(name) === 'peer' ? 'peer' : 'client';
    const message = readScriptedMessage(words, this.#names, speaker);
    if (message.protocol === 'bytes') words.failLast('expected a message: bytes can only be sent by a step');
    this.#answers.push({ name, to, times, message });
  }

  #startedLater(): Set<string> {
    return new Set(this.#stepList.flatMap((step) => (step.kind === 'do' ? (step.action.starts ?? []) : [])));
  }
}
