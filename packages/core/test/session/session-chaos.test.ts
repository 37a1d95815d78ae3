/*
 * A small form beside the mixed worlds (docs/invariants.md), for two things that are seen only from inside a session: each failure to
 * reach an element is reported once, and the state that is restored is exactly that of the last cookie that the user has.
 */
import { describe, expect, it } from 'vitest';
import { SessionEngine } from '../../src/session/session-engine.ts';
import { countingService } from './support/counting-service.ts';
import { elementAddress } from './support/messages.ts';
import { RequestApp } from './support/request-app.ts';
import type { ServedRecorder } from './support/served-recorder.ts';
import { SessionWorld } from './support/session-world.ts';
import type { TestElement } from './support/session-world.ts';
import { testSeal } from './support/test-seal.ts';

const seeds = 60;
const elementIds = [1, 2, 3, 4];
const requests = 40;
const chaosMs = 60_000;

/** A pool whose elements crash, vanish, are cut off and return at random for a while, and then all live. */
class Chaos {
  readonly world: SessionWorld;
  readonly app = new RequestApp();
  readonly session: SessionEngine;
  readonly #random;
  readonly #seal = testSeal();
  readonly #elements: TestElement[] = [];

  constructor(seed: number) {
    this.world = new SessionWorld(seed);
    this.#random = this.world.clock.randomStream('chaos');
    this.world.policy = (candidates) =>
      candidates[Math.floor(this.#random.nextBetween(0, candidates.length))];
    for (const elementId of elementIds) {
      this.world.network.setDelay('10.0.0.200', elementAddress(elementId), { minMs: 1, maxMs: 20 });
      this.#start(elementId);
      this.#scheduleFault(elementId);
    }
    this.session = new SessionEngine(
      {
        ...this.world.sessionOptions,
        silenceTimeoutMs: 2_000,
        connectTimeoutMs: 1_000,
        resend: this.#random.nextUint32() % 2 === 0,
        deadlineMs: this.#random.nextUint32() % 4 === 0 ? 3_000 : Infinity,
      },
      this.app,
    );
    this.app.start(this.session);
    for (let request = 0; request < requests; request++) {
      this.world.clock.setTimer(this.#random.nextBetween(0, chaosMs), () => this.app.ask());
    }
  }

  get served(): readonly ServedRecorder[] {
    return this.#elements.flatMap(({ sessions }) => sessions);
  }

  #start(elementId: number): void {
    const service = countingService(() => element.node.host(`service ${elementId}`), this.#random);
    const element = this.world.startElement(elementId, {
      seal: this.#seal,
      service: {
        ...service,
        onState: (served, state) => {
          // The state is what the last cookie that the user has says: neither older nor newer.
          if (Number(state) !== this.app.lastCookieCount) {
            throw new Error(`restored ${state}, the last cookie said ${this.app.lastCookieCount}`);
          }
          service.onState?.(served, state);
        },
      },
    });
    this.#elements.push(element);
  }

  #scheduleFault(elementId: number): void {
    const { clock } = this.world;
    clock.setTimer(this.#random.nextBetween(0, 8_000), () => {
      if (clock.nowMs >= chaosMs) return;
      const fault = this.#random.nextUint32() % 3;
      if (fault === 0) this.world.kill(elementId);
      else if (fault === 1) this.world.killMachine(elementId);
      else this.world.cut(elementId);
      clock.setTimer(this.#random.nextBetween(0, 8_000), () => {
        if (fault === 2) this.world.heal(elementId);
        else this.#start(elementId);
        this.#scheduleFault(elementId);
      });
    });
  }
}

function runOne(seed: number): Chaos {
  const chaos = new Chaos(seed);
  try {
    const { clock } = chaos.world;
    clock.runFor(chaosMs + 20_000);
    const settled = clock.runUntil(() => chaos.app.openRequests === 0, 60_000);
    if (!settled) throw new Error(`${chaos.app.openRequests} requests are neither answered nor reported`);
    chaos.session.close();
    clock.runUntilIdle();
    return chaos;
  } catch (cause) {
    throw new Error(`seed ${seed}\n${chaos.world.log}`, { cause });
  }
}

describe('sessions under random crashes, partitions, rejections and hand-overs', () => {
  it(`answer or report every request exactly once, and never go back in time (${seeds} seeds)`, () => {
    const totals = { answered: 0, failed: 0, failovers: 0, reports: 0, states: 0 };
    for (let seed = 1; seed <= seeds; seed++) {
      const { app, world, served } = runOne(seed);
      expect(app.closed, `seed ${seed}`).toBe(true);
      expect(app.answered.size + app.failed.size, `seed ${seed}`).toBe(app.asked);
      expect(served.flatMap(({ events }) => events).filter((event) => event.startsWith('refused'))).toEqual(
        [],
      );
      const failedAttempts = world.network.logEntries.filter(
        ({ event }) => event === 'connecting to element failed',
      );
      const failures = app.left.filter((reason) => ['lost', 'aborted', 'silent'].includes(reason));
      expect(world.reports.length, `seed ${seed}: one report for each failure and no other`).toBe(
        failedAttempts.length + failures.length,
      );
      totals.answered += app.answered.size;
      totals.failed += app.failed.size;
      totals.failovers += app.left.length;
      totals.reports += world.reports.length;
      totals.states += served.filter(({ events }) => events[0]?.startsWith('state')).length;
    }
    // The test would show nothing if nothing happened.
    expect(totals.failovers).toBeGreaterThan(5 * seeds);
    expect(totals.states).toBeGreaterThan(4 * seeds);
    expect(totals.answered).toBeGreaterThan(20 * seeds);
    expect(totals.failed).toBeGreaterThan(0);
  }, 120_000);

  it('run alike when started alike', () => {
    const [first, second] = [runOne(7), runOne(7)];
    expect(first.world.log).toBe(second.world.log);
    expect(first.world.log).not.toBe(runOne(8).world.log);
  });
});
