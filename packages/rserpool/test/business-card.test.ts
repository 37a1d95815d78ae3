import { describe, expect, it } from 'vitest';
import type { PoolElement, ServedSession, Session } from '../src/index.ts';
import { echo, newUser, startElement, startRegistrar, until } from './world.ts';

/** What the session’s element answers. */
async function firstReply(session: Session): Promise<string> {
  await session.send('hello');
  for await (const message of session) return message.text();
  throw new Error('ended without a reply');
}

async function movedTo(session: Session, leave: () => unknown): Promise<number> {
  const moved = new Promise<number>((resolve) => session.once('failover', ({ to }) => resolve(to.elementId)));
  await leave();
  return moved;
}

const priority = (value: number) => ({ policy: { name: 'priority', priority: value } }) as const;

describe('business cards (RFC 5352 section 3.9)', () => {
  it('an application recommends elements, and its users follow it against the policy', async () => {
    const registrar = await startRegistrar();
    const first = await startElement([registrar], {
      ...priority(9),
      elementId: 1,
      serve: async (served: ServedSession) => {
        const elements = await newUser([registrar]).resolve('TestPool');
        served.recommend(elements.filter(({ elementId }) => elementId === 3));
        await echo('first')(served);
      },
    });
    await startElement([registrar], { ...priority(5), elementId: 2, serve: echo('second') });
    await startElement([registrar], { ...priority(1), elementId: 3, serve: echo('third') });

    const session = await newUser([registrar]).openSession('TestPool');
    expect(await firstReply(session)).toBe('first:hello');
    expect(session.state).toMatchObject({ element: { elementId: 1 }, recommended: [3] });
    expect(await movedTo(session, () => first.abort())).toBe(3);
  });

  it("an element recommends its pool's next ones by itself, so that users go on while no registrar answers", async () => {
    const registrar = await startRegistrar();
    const start = (elementId: number): Promise<PoolElement> =>
      startElement([registrar], { elementId, serve: echo(String(elementId)), recommend: 2 });
    const elements = [await start(1), await start(2), await start(3)];
    const session = await newUser([registrar]).openSession('TestPool');
    await until(() => session.state.recommended.length === 2);
    const servedBy = session.state.element?.elementId ?? 0;
    const others = [1, 2, 3].filter((id) => id !== servedBy);
    expect([...session.state.recommended].sort()).toEqual(others);

    await registrar.stop();
    const [next] = session.state.recommended;
    const leave = (): void => elements[servedBy - 1]?.sessions.forEach((served) => served.abort());
    expect(await movedTo(session, leave)).toBe(next);
    expect(await firstReply(session)).toBe(`${next}:hello`);
  });

  it('more elements than fit into a message are refused, and the session goes on', async () => {
    const registrar = await startRegistrar();
    let served: ServedSession | undefined;
    const serve = (session: ServedSession): void => void (served = session);
    await startElement([registrar], { elementId: 1, serve });
    const user = newUser([registrar]);
    const [element] = await user.resolve('TestPool');
    const session = await user.openSession('TestPool');
    await until(() => served !== undefined);
    if (element === undefined) throw new Error('not resolved');
    expect(() => served?.recommend(new Array<typeof element>(5_000).fill(element))).toThrow(
      expect.objectContaining({ code: 'invalid-argument' }),
    );
    served?.recommend([element]);
    await until(() => session.state.recommended.length === 1);
  });
});

it('a user that sends nothing is closed after idleTimeoutMs, and goes on elsewhere', async () => {
  const registrar = await startRegistrar();
  const ends: string[] = [];
  const serve = (session: ServedSession): void => void session.once('end', (reason) => ends.push(reason));
  await startElement([registrar], { elementId: 1, serve, idleTimeoutMs: 50 });
  const session = await newUser([registrar]).openSession('TestPool');
  await startElement([registrar], { elementId: 2, serve });
  await until(() => session.state.element?.elementId === 2);
  expect(ends).toEqual(['closed']);
});
