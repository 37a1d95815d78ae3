import type { PoolElement } from 'rserpool';
import type { ServiceOptions } from '../service-options.ts';
import { serveSessions } from '../serve-sessions.ts';

/** The pool that RSPLIB's echo programs use. */
export const echoPool = 'EchoPool';

/**
 * Registers an element that answers every message with itself: same payload protocol identifier, same stream.
 * @throws RSerPoolError as PoolElement.register
 */
export function serveEcho(options: ServiceOptions = {}): Promise<PoolElement> {
  return serveSessions({ ...options, pool: options.pool ?? echoPool }, async (session) => {
    for await (const { data, payloadProtocolId, streamId } of session) {
      await session.send(data, { payloadProtocolId, streamId });
    }
  });
}
