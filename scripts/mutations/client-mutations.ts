import type { Mutation } from './mutation.ts';

/** Of `core/src/registrar-hunt`, `pool-element` and `pool-user`. */
export const clientMutations: readonly Mutation[] = [
  {
    name: 'no-registration-with-a-new-home',
    broken: 'an element does not register with a new home registrar',
    file: 'pool-element/pool-element-engine.ts',
    from: "    if (this.#goal === 'serve') this.#registration.onHome();\n    else",
    to: "    if (this.#goal !== 'serve')",
  },
  {
    name: 'keep-alive-not-answered',
    broken: 'an element does not acknowledge keep-alives',
    file: 'pool-element/pool-element-engine.ts',
    from: "    channel.send({ type: 'endpoint-keep-alive-ack', poolHandle: this.#poolHandle, elementId }); // KA2.1 to KA2.3\n",
    to: '',
  },
  {
    name: 'not-registered-again',
    broken: 'T4-reregistration is not started',
    file: 'pool-element/registration.ts',
    from: '    this.#setTimer(settings.reregistrationIntervalMs, () => this.#send());\n',
    to: '    void settings;\n',
  },
  {
    name: 'no-hunt-after-loss',
    broken: 'nobody looks for another home registrar when one is lost',
    file: 'registrar-hunt/registrar-hunt.ts',
    from: "    if (this.#phase === 'settled') {\n      if (key !== undefined) this",
    to: "    if (this.#phase === 'stopped') {\n      if (key !== undefined) this",
  },
  {
    name: 'round-timer-not-cancelled',
    broken: 'T5-Serverhunt goes on when a registrar was found',
    file: 'registrar-hunt/registrar-hunt.ts',
    from: '  #endHunt(): void {\n    this.#timer?.cancel();\n',
    to: '  #endHunt(): void {\n',
  },
  {
    name: 'removed-elements-stay-in-cache',
    broken: 'an answer does not remove the elements that it does not list any more',
    file: 'pool-user/pool-cache.ts',
    from: '    const { poolHandle } = response;\n    this.forget(poolHandle);\n',
    to: '    const { poolHandle } = response;\n',
  },
];
