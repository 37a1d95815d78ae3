import type { Policy } from '@rserpool/wire';
import { PoolElement, type ServedSession } from 'rserpool';
import { defaultMaxSessions, type ServiceOptions } from './service-options.ts';
import { SessionLoad } from './session-load.ts';

const defaultPolicy: Policy = { name: 'round-robin' };

/** Registers an element that serves sessions with `serve` and keeps its load up to date. */
export async function serveSessions(
  options: ServiceOptions & { readonly pool: string },
  serve: (session: ServedSession) => Promise<void>,
): Promise<PoolElement> {
  const maxSessions = options.maxSessions ?? defaultMaxSessions;
  const load = new SessionLoad(options.policy ?? defaultPolicy, maxSessions);
  const element = await PoolElement.register({
    ...options,
    policy: load.policy,
    maxSessions,
    serve: async (session) => {
      load.sessionOpened();
      // The services keep their state with the user after every reply, so they can be left at any time.
      session.on('drain', () => session.close());
      try {
        await serve(session);
      } finally {
        load.sessionClosed();
      }
    },
  });
  load.tell(element);
  return element;
}
