import { decodePingPong, pingPongPpid } from '@rserpool/wire';
import type { PoolElement, ServedSession } from 'rserpool';
import { serveSessions } from '../serve-sessions.ts';
import type { ServiceOptions } from '../service-options.ts';
import { pingPongPool, PongNumbering } from './protocol.ts';

export interface PingPongServiceOptions extends ServiceOptions {
  /** For demonstrations: a session is dropped as by a crash after so many replies. Default: never. */
  readonly failAfterReplies?: number;
}

/**
 * Registers an element that answers pings (reference/rsplib.md section 2.10) and hands its reply number to the user as a state
 * cookie, so that another element goes on counting where this one stops.
 * @throws RSerPoolError as PoolElement.register
 */
export function servePingPong(options: PingPongServiceOptions = {}): Promise<PoolElement> {
  const { failAfterReplies = Infinity, ...serviceOptions } = options;
  return serveSessions({ ...serviceOptions, pool: options.pool ?? pingPongPool }, (session) =>
    servePings(session, failAfterReplies, options),
  );
}

async function servePings(
  session: ServedSession,
  failAfterReplies: number,
  { log }: PingPongServiceOptions,
): Promise<void> {
  const numbering = new PongNumbering();
  let replies = 0;
  let resumed = false;
  for await (const { data, streamId } of session) {
    if (!resumed && session.state !== undefined) {
      // The state, where there is one, comes before the first message.
      if (!numbering.resume(session.state))
        log?.('warn', 'cookie of another service ignored', { peer: session.peer });
    }
    resumed = true;
    const decoded = decodePingPong(data);
    if (!decoded.ok || decoded.message.type !== 'ping') {
      log?.('warn', 'not a ping', {
        peer: session.peer,
        error: decoded.ok ? decoded.message.type : decoded.error.text,
      });
      continue;
    }
    if (replies++ >= failAfterReplies) {
      session.abort();
      return;
    }
    const { pong, state } = numbering.answer(decoded.message);
    const sent = session.send(pong, { payloadProtocolId: pingPongPpid, streamId });
    session.saveState(state); // together with the reply, so that nothing can come between them
    await sent;
  }
}
