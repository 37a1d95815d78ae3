import type { Log } from 'rserpool';
import { CommandError, ExitCode } from './exit-code.ts';

/**
 * Ends everything in order, but does not wait for ever.
 * @throws CommandError failure when the limit is over
 */
export async function leaveWithin(
  limitSeconds: number,
  log: Log,
  steps: readonly (() => Promise<void>)[],
): Promise<void> {
  log('info', 'leaving');
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      reject(
        new CommandError(ExitCode.failure, `did not leave in order within ${limitSeconds} s (--leave-limit)`),
      );
    }, limitSeconds * 1000);
  });
  try {
    await Promise.race([Promise.all(steps.map((step) => step())), limit]);
  } finally {
    clearTimeout(timer);
  }
}
