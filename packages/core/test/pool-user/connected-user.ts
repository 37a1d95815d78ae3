import type { Policy } from '@rserpool/wire';
import type { PoolUserOptions } from '../../src/pool-user/pool-user-options.ts';
import { AsapWorld, element, FakeRegistrar } from '../registrar-hunt/asap-world.ts';
import { resolvesTo, testUser } from './test-user.ts';
import type { TestUser } from './test-user.ts';

/** A pool user with its home registrar, which resolves to the elements 1, 2 and 3 unless told otherwise. */
export function connected(options: Partial<PoolUserOptions> = {}): {
  world: AsapWorld;
  registrar: FakeRegistrar;
  user: TestUser;
} {
  const world = new AsapWorld();
  const registrar = new FakeRegistrar(world, 'a');
  registrar.answer = resolvesTo(1, 2, 3);
  const user = testUser(world, [registrar], options);
  user.engine.start();
  world.until(() => user.engine.state.phase === 'connected');
  return { world, registrar, user };
}

/** An element with this policy. */
export const withPolicy = (elementId: number, policy: Policy): ReturnType<typeof element> =>
  element(elementId, { policy });
