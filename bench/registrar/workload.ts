import { encodeAsap, poolHandle } from '@rserpool/wire';
import type { AsapMessage, Policy } from '@rserpool/wire';
import { rserpoolFraming } from './framing.ts';
import type { Framing } from './framing.ts';
import type { RequestRing } from './load-connection.ts';

/** Requests that a client has on hand; more than it ever has outstanding. */
const ringFrames = 64;

/** ASAP_REGISTRATION of an element of the load, which lives on this machine. */
export function registration(pool: string, elementId: number, policy: Policy): AsapMessage {
  return {
    type: 'registration',
    poolHandle: poolHandle(pool),
    element: {
      elementId,
      homeRegistrarId: 0,
      registrationLifeMs: 3_600_000,
      userTransport: {
        protocol: 'tcp',
        port: 1 + (elementId % 65_535),
        use: 'data',
        addresses: ['127.0.0.1'],
      },
      policy,
    },
  };
}

/** Handle resolutions of one or several pools in turn. @param items undefined: as many as the registrar likes to give */
export function resolutionRing(pools: readonly string[], items: number | undefined): RequestRing {
  const ofItems = items === undefined ? {} : { items };
  return ringOf(
    rserpoolFraming,
    Array.from({ length: Math.max(ringFrames, pools.length) }, (_, index) =>
      encodeAsap(
        {
          type: 'handle-resolution',
          subscribe: false,
          poolHandle: poolHandle(pools[index % pools.length] ?? ''),
          ...ofItems,
        },
        'rfc',
      ),
    ),
  );
}

/** Re-registrations of elements, each time with another load. */
export function updateRing(pool: string, elementIds: readonly number[]): RequestRing {
  const messages = elementIds.map((elementId) =>
    encodeAsap(registration(pool, elementId, { name: 'least-used', load: 0 }), 'rfc'),
  );
  const loadAt = (messages[0]?.length ?? 0) - 4; // the policy comes last, its load at its end
  let load = 1;
  return {
    ...ringOf(rserpoolFraming, messages),
    vary(bytes, at) {
      load = (Math.imul(load, 1_664_525) + 1_013_904_223) >>> 0;
      bytes.writeUInt32BE(load, at + 12 + loadAt);
    },
  };
}

/** Requests of a size, for the floor. */
export function bareRing(framing: Framing, messageBytes: number): RequestRing {
  return ringOf(
    framing,
    Array.from({ length: ringFrames }, () => new Uint8Array(messageBytes).fill(1)),
  );
}

export function ringOf(framing: Framing, messages: readonly Uint8Array[]): RequestRing {
  const frames = messages.map((message) => framing.frame(message));
  return { bytes: Buffer.concat(frames), frameBytes: frames[0]?.length ?? 0 };
}
