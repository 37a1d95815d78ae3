import { describe, expect, it } from 'vitest';
import type { EnrpMessage } from '@rserpool/wire';
import type { RegistrarProcess } from '../../src/index.ts';
import { ChecksumCoversElements } from '../../src/invariants/checksum-covers-elements.ts';
import { CookiesNeverGoBack } from '../../src/invariants/cookies-never-go-back.ts';
import { ExecutedOnce } from '../../src/invariants/executed-once.ts';
import { GoneElementsGone } from '../../src/invariants/gone-elements-gone.ts';
import { HomeKnown } from '../../src/invariants/home-known.ts';
import { LiveElementsPresentOnce } from '../../src/invariants/live-elements-present-once.ts';
import { MeshComplete } from '../../src/invariants/mesh-complete.ts';
import { NoKnownDeadElementGiven } from '../../src/invariants/no-known-dead-element-given.ts';
import { NoStorm } from '../../src/invariants/no-storm.ts';
import { NoTimerLeaks } from '../../src/invariants/no-timer-leaks.ts';
import { OneOwner } from '../../src/invariants/one-owner.ts';
import { OnlyTheHomeSpeaks } from '../../src/invariants/only-the-home-speaks.ts';
import { ProgressUnderFaults } from '../../src/invariants/progress-under-faults.ts';
import { RequestsInOrder } from '../../src/invariants/requests-in-order.ts';
import { SelectedWasListed } from '../../src/invariants/selected-was-listed.ts';
import { SessionLedger } from '../../src/invariants/session-ledger.ts';
import { SteadyMemory } from '../../src/invariants/steady-memory.ts';
import { TablesWithinLimits } from '../../src/invariants/tables-within-limits.ts';
import { TakeoverArbitration } from '../../src/invariants/takeover-arbitration.ts';
import { ViewsAgree } from '../../src/invariants/views-agree.ts';
import { nowhere, pool, SmallWorld } from './support.ts';

const name = { session: 1, lineage: 'u1/1/1', via: '10.0.0.4:49152' };

describe('invariants that look at what registrars have', () => {
  it('hold in a small world', () => {
    const world = new SmallWorld();
    for (const Kind of [ViewsAgree, MeshComplete, LiveElementsPresentOnce, GoneElementsGone, HomeKnown]) {
      expect(new Kind(world).unsettled()).toBeUndefined();
    }
    for (const Kind of [ChecksumCoversElements, OneOwner, TablesWithinLimits]) {
      for (const registrar of world.registrars()) new Kind(world).afterRegistrarEvent(registrar);
    }
    new TablesWithinLimits(world).afterUserEvent(world.user);
    new NoTimerLeaks(world).now();
  });

  it('checksum-covers-elements: a checksum that forgets an element', () => {
    const world = new SmallWorld();
    const { handlespace } = world.registrar.engine;
    handlespace.checksum = () => 0xffff;
    expect(() => new ChecksumCoversElements(world).afterRegistrarEvent(world.registrar)).toThrow(
      'checksum 65535',
    );
  });

  it('and one that goes wrong later: with the next change of the handlespace, or after some events', () => {
    const world = new SmallWorld();
    const { handlespace } = world.registrar.engine;
    const element = handlespace.find(pool, 7);
    const look = (invariant: ChecksumCoversElements): void => invariant.afterRegistrarEvent(world.registrar);
    const [soon, later] = [new ChecksumCoversElements(world), new ChecksumCoversElements(world)];
    for (const invariant of [soon, later]) look(invariant);
    handlespace.checksum = () => 0xffff;
    for (let count = 0; count < 49; count++) look(later);
    expect(() => look(later)).toThrow('checksum 65535');
    look(soon);
    if (element !== undefined) handlespace.setOwner(element, 3);
    expect(() => look(soon)).toThrow('checksum 65535');
  });

  it('one-owner: an element that is listed for an owner that it does not have', () => {
    const world = new SmallWorld();
    const { handlespace } = world.registrar.engine;
    const element = handlespace.find(pool, 7);
    handlespace.owners = () => [1, 2];
    handlespace.ownedBy = () => (element === undefined ? [] : [element]);
    expect(() => new OneOwner(world).afterRegistrarEvent(world.registrar)).toThrow('one-owner');
  });

  it('tables-within-limits: a pool that is too large', () => {
    const world = new SmallWorld();
    const registrar = world.startRegistrar('r3', {
      registrarId: 3,
      peers: [],
      limits: { maxElementsPerPool: 0 },
    });
    const { handlespace } = world.registrar.engine;
    registrar.engine.handlespace.pools = () => handlespace.pools();
    expect(() => new TablesWithinLimits(world).afterRegistrarEvent(registrar)).toThrow('allowed are 0');
  });

  it('views-agree, gone-elements-gone, live-elements-present-once: an element in one view only', () => {
    const world = new SmallWorld();
    const { handlespace } = world.registrar.engine;
    const element = handlespace.find(pool, 7);
    if (element === undefined) throw new Error('the element is not registered');
    const parameter = handlespace.toParameter(element);
    handlespace.register(pool, { ...parameter, elementId: 8 });
    expect(new ViewsAgree(world).unsettled()).toMatch('see EchoPool/8 with the owners 1 and none');
    expect(new GoneElementsGone(world).unsettled()).toMatch('r1 lists EchoPool/8');
    handlespace.remove(element);
    expect(new LiveElementsPresentOnce(world).unsettled()).toMatch('r1 does not list e1');
    expect(new HomeKnown(world).unsettled()).toMatch('registrars say none');
  });

  it('mesh-complete: a registrar that the others do not know to be gone', () => {
    const world = new SmallWorld();
    world.kill('r2');
    expect(new MeshComplete(world).unsettled()).toMatch('r1 has the peer 2 (active), who is not there');
  });

  it('no-storm: somebody who does something a thousand times in a second', () => {
    const world = new SmallWorld();
    const invariant = new NoStorm(world);
    invariant.now();
    world.clock.runFor(6_000);
    invariant.now(); // what a small world does by itself
    const again = (): void => void world.clock.setTimer(1, again);
    again();
    world.clock.runFor(6_000);
    expect(() => invariant.now()).toThrow('events a second');
  });

  it('no-timer-leaks: a timer too many, and one after everything was stopped', () => {
    const world = new SmallWorld();
    for (let count = 0; count < 100; count++) world.element.host.setTimer(1_000, () => undefined);
    expect(() => new NoTimerLeaks(world).now()).toThrow('its tables explain');
    expect(() => new NoTimerLeaks(world).stopped()).toThrow('has pending events');
  });
});

describe('steady-memory', () => {
  /** Ten samples, then `happens`, then ten more. */
  function watch(world: SmallWorld, happens: () => void): SteadyMemory {
    const memory = new SteadyMemory(world);
    const sample = (): void => {
      for (let count = 0; count < 10; count++) memory.sample();
    };
    memory.begin();
    sample();
    happens();
    sample();
    return memory;
  }

  it('sessions that users have found an element for are no growth', () => {
    const world = new SmallWorld();
    const memory = watch(world, () => {
      for (let count = 0; count < 30; count++) world.user.openSession(pool);
      world.clock.runFor(1_000);
      expect(world.element.service.sessionCount).toBe(31);
    });
    expect(() => memory.end()).not.toThrow();
  });

  it('sessions that an element keeps and nobody has are', () => {
    const world = new SmallWorld();
    const memory = watch(world, () =>
      Object.defineProperty(world.element.service, 'sessionCount', { value: 20 }),
    );
    expect(() => memory.end()).toThrow('sessions that no user has grew from 0 to 19');
  });

  it('so are timers', () => {
    const world = new SmallWorld();
    const memory = watch(world, () => {
      for (let count = 0; count < 40; count++) world.element.host.setTimer(1e6, () => undefined);
    });
    expect(() => memory.end()).toThrow('scheduled events grew');
  });
});

describe('progress-under-faults', () => {
  /** A world whose user asks, and gets no answer when `isDeaf`. */
  function watch(isDeaf: boolean): { readonly world: SmallWorld; readonly invariant: ProgressUnderFaults } {
    const world = new SmallWorld();
    const ledger = new SessionLedger(world);
    const invariant = new ProgressUnderFaults(world, ledger, { mangled: false });
    world.observers.push(invariant, { onEvent: (by, event) => ledger.note(by, event) });
    world.kill('u1');
    const user = world.startUser('u1', { registrars: ['r1'], requestTimeoutMs: 1_000 });
    const session = user.openSession(pool, { connectTimeoutMs: 1_000, silenceTimeoutMs: 2_000 });
    invariant.onProcess(user, 'started');
    invariant.onProcess(world.element, 'started');
    world.clock.runFor(1_000);
    if (isDeaf) session.session.send = () => 'sent';
    session.ask();
    return { world, invariant };
  }

  it('a session that does nothing, though its element was there all the time', () => {
    const { world, invariant } = watch(true);
    world.clock.runFor(25_000);
    expect(() => invariant.now(), 'within the bound').not.toThrow();
    world.clock.runFor(10_000);
    expect(() => invariant.now()).toThrow('request 1 of u1/2/1 (EchoPool) waits, though e1 was there');
  });

  it('is not asked for more than the world grants', () => {
    const { world, invariant } = watch(true);
    world.clock.runFor(20_000);
    world.cut('u1', 'e1');
    world.heal('u1', 'e1');
    world.clock.runFor(25_000);
    expect(() => invariant.now()).not.toThrow();
    world.suspend('e1');
    world.clock.runFor(60_000);
    expect(() => invariant.now()).not.toThrow();
  });

  it('an answer is progress', () => {
    const { world, invariant } = watch(false);
    world.clock.runFor(60_000);
    expect(() => invariant.now()).not.toThrow();
    expect(invariant.looks).toBeGreaterThan(0);
  });
});

describe('invariants that listen', () => {
  it('no-known-dead-element-given: one that was removed, and one that never was there', () => {
    const world = new SmallWorld();
    const invariant = new NoKnownDeadElementGiven(world);
    const give = (elementId: number): void => {
      const element = world.registrar.engine.handlespace.find(pool, 7);
      if (element === undefined) throw new Error('the element is not registered');
      const parameter = { ...world.registrar.engine.handlespace.toParameter(element), elementId };
      const { policy } = parameter;
      invariant.onAsapSent(world.registrar, nowhere, {
        type: 'handle-resolution-response',
        subscribed: false,
        poolHandle: pool,
        policy,
        elements: [parameter],
        causes: [],
      });
    };
    give(7);
    expect(() => give(8)).toThrow('which it does not have');
    invariant.onEvent(world.registrar, {
      type: 'removed',
      poolHandle: pool,
      elementId: 7,
      homeRegistrarId: 1,
      reason: 'association-lost',
    });
    expect(() => give(7)).toThrow('has not heard of since');
  });

  it('selected-was-listed: an element that no answer listed', () => {
    const world = new SmallWorld();
    const invariant = new SelectedWasListed(world);
    expect(() => {
      invariant.onEvent(world.user, { type: 'session-opened', session: 1, elementId: 9, via: '' });
    }).toThrow('which no answer listed lately');
  });

  it('selected-was-listed: which answer is the last, when one comes late from an earlier home', () => {
    const world = new SmallWorld();
    const { user, registrar, other } = world;
    const invariant = new SelectedWasListed(world);
    const element = registrar.engine.handlespace.find(pool, 7);
    if (element === undefined) throw new Error('the element is not registered');
    const listed = registrar.engine.handlespace.toUserView(element);
    const answer = (from: RegistrarProcess, elementId: number): void => {
      invariant.onAsapReceived(user, world.transport(from.name, 3863), {
        ...{ type: 'handle-resolution-response', subscribed: false, poolHandle: pool, causes: [] },
        elements: [{ ...listed, elementId }],
      });
      world.clock.runFor(6_000); // longer than an attempt to connect
    };
    const ask = (): void => {
      user.engine.resolve(pool, () => undefined);
      invariant.onAsapSent(user, nowhere, { type: 'handle-resolution', poolHandle: pool, subscribe: false });
    };
    const connects = (elementId: number): void =>
      invariant.onEvent(user, { type: 'session-opened', session: 1, elementId, via: '' });
    ask();
    answer(registrar, 7);
    answer(other, 8);
    connects(7);
    connects(8);
    ask();
    answer(registrar, 9);
    connects(9);
    expect(() => connects(7)).toThrow('u1 connected to EchoPool/7, which no answer listed lately');
  });

  it('only-the-home-speaks: an element removed, and given away, by somebody else', () => {
    const world = new SmallWorld();
    const invariant = new OnlyTheHomeSpeaks(world);
    const message: EnrpMessage = { type: 'takeover-server', senderId: 3, receiverId: 0, targetId: 4 };
    invariant.onEnrpReceived(world.registrar, nowhere, message);
    const element = { poolHandle: pool, elementId: 7 };
    expect(() => {
      invariant.onEvent(world.registrar, {
        type: 'removed',
        ...element,
        homeRegistrarId: 2,
        reason: 'removed-by-home',
      });
    }).toThrow('by a message of 3');
    expect(() => {
      invariant.onEvent(world.registrar, { type: 'home-changed', ...element, fromId: 1, toId: 2 });
    }).toThrow('gave EchoPool/7 of 1 to 2 by a message of 3');
  });

  it('takeover-arbitration: won without an acknowledgement, and an acknowledgement that is not given', () => {
    const world = new SmallWorld();
    const invariant = new TakeoverArbitration(world, { mangled: false });
    invariant.onEvent(world.registrar, { type: 'takeover-started', targetId: 9, elements: 1 });
    expect(() => {
      invariant.onEvent(world.registrar, { type: 'takeover', targetId: 9, byId: 1, elements: 1 });
    }).toThrow('without the acknowledgement of 2');
    const message: EnrpMessage = { type: 'init-takeover', senderId: 2, receiverId: 0, targetId: 9 };
    invariant.onEnrpReceived(world.registrar, nowhere, message);
    expect(() => invariant.afterRegistrarEvent(world.registrar)).toThrow('did not acknowledge to 2');
  });

  it('requests-in-order, executed-once, cookies-never-go-back: answers too early, twice done, an old state', () => {
    const world = new SmallWorld();
    const ledger = new SessionLedger(world);
    const inOrder = new RequestsInOrder(world, ledger);
    const once = new ExecutedOnce(world, ledger);
    const cookies = new CookiesNeverGoBack(world, ledger, { mangled: false });
    const { element, user } = world;
    for (const request of [1, 2]) ledger.note(user, { type: 'request-sent', session: 1, request });
    expect(() => inOrder.onEvent(user, { type: 'answer', session: 1, request: 2 })).toThrow(
      'before that to 1',
    );
    expect(() => inOrder.onEvent(user, { type: 'answer', session: 1, request: 1 })).toThrow('executed are 0');
    expect(() => {
      inOrder.onEvent(user, { type: 'session-closed', session: 1, reason: 'closed', failed: [1] });
    }).toThrow('request 2 is not reported');
    ledger.note(element, { type: 'request-executed', request: 1, ...name });
    ledger.note(user, { type: 'answer', session: 1, request: 1 });
    ledger.note(user, { type: 'resumed', session: 1, elementId: 7, via: name.via, cookieEchoed: true });
    expect(() => once.onEvent(element, { type: 'request-executed', request: 1, ...name })).toThrow(
      'whose user had the answer to 1 before',
    );
    expect(() => cookies.onEvent(element, { type: 'state-restored', count: 0, ...name })).toThrow(
      'restored state 0',
    );
    expect(() => cookies.onEvent(element, { type: 'request-gap', request: 2, count: 0, ...name })).toThrow(
      'was asked for request 2',
    );
    expect(() => cookies.onEvent(element, { type: 'state-refused', reason: 'forged', ...name })).toThrow(
      'forged',
    );
  });
});
