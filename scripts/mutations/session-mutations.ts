import type { Mutation } from './mutation.ts';

/** Of `core/src/session`. */
export const sessionMutations: readonly Mutation[] = [
  {
    name: 'cookie-stored-late',
    broken: 'a state cookie is stored a second after it came',
    file: 'session/cookie-store.ts',
    from: '    this.#cookie = cookie;',
    to: '    this.#host.setTimer(1_000, () => (this.#cookie = cookie));',
  },
  {
    name: 'first-cookie-kept',
    broken: 'only the first state cookie is stored',
    file: 'session/cookie-store.ts',
    from: '    this.#cookie = cookie;',
    to: '    this.#cookie ??= cookie;',
  },
  {
    name: 'cookie-not-echoed',
    broken: 'the state cookie is not echoed to the next element',
    file: 'session/session-engine.ts',
    from: "    control.send({ type: 'cookie-echo', cookie });\n",
    to: '    void [control, cookie];\n',
  },
  {
    name: 'cookie-echoed-too-late',
    broken: 'waiting messages are sent before the cookie is echoed',
    file: 'session/session-engine.ts',
    from: '    const cookieEchoed = this.#echoCookie(link);\n    this.#flush(link);',
    to: '    this.#flush(link);\n    const cookieEchoed = this.#echoCookie(link);',
  },
  {
    name: 'connect-timer-not-cancelled',
    broken: 'the time limit of an attempt to connect goes on when it has succeeded',
    file: 'session/element-search.ts',
    from: '    this.#retryTimer?.cancel();\n    this.#attemptTimer?.cancel();\n    const attempt',
    to: '    this.#retryTimer?.cancel();\n    const attempt',
  },
  {
    name: 'failed-elements-avoided-for-ever',
    broken: 'a search never tries an element again that it could not reach once',
    file: 'session/element-search.ts',
    from: '      this.#avoided.clear();\n',
    to: '',
  },
  {
    name: 'no-failover',
    broken: 'a session does not look for another element when its element is lost',
    file: 'session/session-engine.ts',
    from: "    if (this.state.phase === 'connecting') this.#search.start();\n",
    to: '',
  },
];
