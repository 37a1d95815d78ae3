import { describe, expect, it } from 'vitest';
import { AsapClient, echoPool } from './support/asap-client.ts';
import { RegistrarWorld, transportAt, viewOf } from './support/registrar-world.ts';
import type { TestRegistrar } from './support/registrar-world.ts';
import { TestElement } from './support/test-element.ts';

function setUp(): { world: RegistrarWorld; one: TestRegistrar; two: TestRegistrar } {
  const world = new RegistrarWorld(1);
  const [one, two] = world.mesh(2);
  if (one === undefined || two === undefined) throw new Error('two registrars expected');
  return { world, one, two };
}

describe('keep-alives', () => {
  it('go to each own element at intervals of 5 s, varied by 50 %, without the H bit', () => {
    const { world, one } = setUp();
    const client = new AsapClient(world, 'e1', 'r1');
    client.register(17);
    const times: number[] = [];
    for (let count = 0; count < 40; count++) {
      const before = client.all('endpoint-keep-alive').length;
      world.clock.runUntil(() => client.all('endpoint-keep-alive').length > before, 10_000);
      times.push(world.clock.nowMs);
      client.send({ type: 'endpoint-keep-alive-ack', poolHandle: echoPool, elementId: 17 });
    }
    const intervals = times.slice(1).map((time, index) => time - (times[index] ?? 0));
    expect(Math.min(...intervals)).toBeGreaterThan(2_500);
    expect(Math.min(...intervals)).toBeLessThan(3_500);
    expect(Math.max(...intervals)).toBeGreaterThan(6_500);
    expect(Math.max(...intervals)).toBeLessThan(7_530);
    expect(client.all('endpoint-keep-alive')[0]).toEqual({
      type: 'endpoint-keep-alive',
      home: false,
      registrarId: 1,
      poolHandle: echoPool,
      elementId: 17,
    });
    expect(one.engine.statistics.keepAlivesAcknowledged).toBe(40 - 1);
  });

  it('unanswered: the element is removed everywhere within 12.5 s, and told', () => {
    const { world, one, two } = setUp();
    const element = new TestElement(world, 'e1', { elementId: 17, registrars: ['r1'] });
    world.clock.runFor(1_000);
    element.isHung = true;
    world.mustBecomeTrue('removed', 12_600, () => one.engine.handlespace.elementCount === 0);
    world.clock.runFor(100);
    expect(two.engine.handlespace.elementCount).toBe(0);
    expect(one.events.at(-1)).toMatchObject({ type: 'removed', reason: 'keep-alive-unanswered' });
    element.isHung = false;
    element.register();
    world.clock.runFor(100);
    expect(viewOf(two.engine), 'one that was only slow comes back').toEqual(['EchoPool/17@1']);
  });

  it('a registration counts as a sign of life', () => {
    const { world, one } = setUp();
    const client = new AsapClient(world, 'e1', 'r1');
    client.register(17);
    for (let count = 0; count < 20; count++) {
      world.clock.runFor(3_000);
      client.register(17);
    }
    expect(viewOf(one.engine)).toEqual(['EchoPool/17@1']);
  });

  it('only the element itself, on its association, can acknowledge', () => {
    const { world, one } = setUp();
    const client = new AsapClient(world, 'e1', 'r1');
    client.register(17);
    const other = new AsapClient(world, 'e1', 'r1');
    world.mustBecomeTrue('asked', 10_000, () => client.all('endpoint-keep-alive').length === 1);
    other.send({ type: 'endpoint-keep-alive-ack', poolHandle: echoPool, elementId: 17 });
    client.send({ type: 'endpoint-keep-alive-ack', poolHandle: echoPool, elementId: 18 });
    world.clock.runFor(5_000);
    expect(one.engine.handlespace.elementCount).toBe(0);
    expect(one.engine.statistics.keepAlivesUnexpected).toBe(2);
  });
});

describe('the association of an element is lost', () => {
  it('the element is called at its ASAP transport, and stays when it answers', () => {
    const { world, one } = setUp();
    const client = new AsapClient(world, 'e1', 'r1');
    const calls = new AsapReceiver(world);
    client.register(17, { asapTransport: transportAt('e1', 5000) });
    client.channel.abort();
    world.clock.runFor(20_000);
    expect(viewOf(one.engine)).toEqual(['EchoPool/17@1']);
    expect(calls.homeBits.length).toBeGreaterThan(2);
    expect(calls.homeBits, 'it may have another home by now').not.toContain(true);
    expect(calls.associations, 'on one association').toBe(1);
    const again = new AsapClient(world, 'e1', 'r1');
    again.register(17, { asapTransport: transportAt('e1', 5000) });
    expect(calls.ended, 'which is closed when the element has another one').toEqual(['closed']);
    again.channel.abort();
    world.clock.runFor(500);
    expect(calls.associations).toBe(2);
    calls.fallSilent();
    world.clock.runFor(15_000);
    expect(viewOf(one.engine)).toEqual([]);
    expect(calls.ended, 'or is gone').toEqual(['closed', 'closed']);
  });

  it('it stays when it registers again within 2.5 s', () => {
    const { world, one } = setUp();
    const client = new AsapClient(world, 'e1', 'r1');
    client.register(17);
    client.channel.abort();
    world.clock.runFor(1_000);
    expect(new AsapClient(world, 'e1', 'r1').register(17)).toMatchObject([{ rejected: false }]);
    expect(one.events.some(({ type }) => type === 'removed')).toBe(false);
  });

  it.each(['abort', 'close'] as const)('by %s: otherwise it is removed everywhere', (how) => {
    const { world, one, two } = setUp();
    const client = new AsapClient(world, 'e1', 'r1');
    client.register(17);
    client.register(18);
    client.channel[how]();
    world.clock.runFor(2_000);
    expect(viewOf(one.engine)).toHaveLength(2);
    world.clock.runFor(1_000);
    expect([...viewOf(one.engine), ...viewOf(two.engine)]).toEqual([]);
    expect(one.events.at(-1)).toMatchObject({ type: 'removed', reason: 'association-lost' });
  });

  it('a killed process is gone after 2.5 s', () => {
    const { world, one } = setUp();
    const element = new TestElement(world, 'e1', { elementId: 17, registrars: ['r1'] });
    world.clock.runFor(1_000);
    element.kill();
    world.clock.runFor(2_600);
    expect(one.engine.handlespace.elementCount).toBe(0);
  });
});

/** Listens at e1, port 5000, and acknowledges for element 17. */
class AsapReceiver {
  associations = 0;
  readonly ended: string[] = [];
  #isSilent = false;
  readonly homeBits: boolean[] = [];

  constructor(world: RegistrarWorld) {
    world.asap.listen(world.network.node('e1'), transportAt('e1', 5000), (channel) => {
      this.associations++;
      return {
        onUp: () => undefined,
        onDown: (reason) => {
          this.ended.push(reason);
        },
        onMessage: (message) => {
          if (message.type !== 'endpoint-keep-alive' || this.#isSilent) return;
          this.homeBits.push(message.home);
          channel.send({ type: 'endpoint-keep-alive-ack', poolHandle: echoPool, elementId: 17 });
        },
      };
    });
  }

  fallSilent(): void {
    this.#isSilent = true;
  }
}
