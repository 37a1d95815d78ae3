// A pool user of the endurance run: keeps some sessions busy.
import { PoolUser } from 'rserpool';
import { noCounts } from '../process-messages.ts';
import type { UserCounts } from '../process-messages.ts';
import type { UserProcessOptions } from '../process-options.ts';
import { associationTiming, clientTimes, poolName, sessionTimes, transport } from '../settings.ts';
import { UserSessions } from '../user-session.ts';
import { log, obey, processOptions, tell } from './child.ts';

const options = processOptions() as UserProcessOptions;
const maxWaiting = 8;
const tellEveryMs = 1_000;

const user = new PoolUser({
  registrars: options.registrars,
  ...clientTimes,
  requestTimeoutMs: 1_500,
  transport,
  timing: associationTiming,
  log,
});
user.on('event', (event) => log('info', event.type, { ...event }));
const all = Array.from({ length: options.sessions }, (_, index) => {
  const { name, seed, intervalMs, sessionLifeMs } = options;
  return new UserSessions(user, {
    ...{ pool: poolName, seed, name: `${name} session ${index}`, intervalMs, maxWaiting },
    lifeMs: index < options.sessions / 2 ? Infinity : sessionLifeMs * (1 + index / options.sessions),
    session: sessionTimes,
  });
});

function counts(): UserCounts {
  const sum = noCounts();
  for (const { counts: some } of all) {
    const { longestPauseMs, ...sums } = some;
    for (const name of Object.keys(sums) as (keyof typeof sums)[]) sum[name] += sums[name];
    sum.longestPauseMs = Math.max(sum.longestPauseMs, longestPauseMs);
  }
  return sum;
}

obey(
  () => all.length,
  ({ type }) => {
    if (type === 'finish') for (const sessions of all) sessions.stop();
  },
);
setInterval(() => tell({ type: 'counts', counts: counts() }), tellEveryMs);
tell({ type: 'ready' });
await Promise.all(all.map((sessions) => sessions.run()));
tell({ type: 'counts', counts: counts() });
tell({ type: 'finished' });
