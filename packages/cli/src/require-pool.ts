import type { PoolUser } from 'rserpool';
import { CommandError, ExitCode } from './exit-code.ts';

/**
 * Asks once whether the pool is there, so that a wrong name fails at once; a session would wait for its first element.
 * @throws CommandError when no registrar answers in time, RSerPoolError unknown-pool and others
 */
export async function requirePool(
  user: PoolUser,
  pool: string,
  { deadline, signal }: { readonly deadline: number; readonly signal: AbortSignal },
): Promise<void> {
  const limit = AbortSignal.timeout(deadline);
  try {
    await user.resolve(pool, { signal: AbortSignal.any([signal, limit]) });
  } catch (error) {
    if (!limit.aborted || signal.aborted) throw error;
    throw new CommandError(ExitCode.noRegistrar, `no registrar answered within ${deadline} ms (--deadline)`);
  }
}
