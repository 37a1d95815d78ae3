import { PoolElementEngine, asapCodec } from '@rserpool/core';
import type { Endpoint, PoolElementEvent, PoolElementOptions, PoolElementState } from '@rserpool/core';
import type { AnnounceGroup } from '@rserpool/transport';
import type { AsapMessage, MessageTransport, Policy } from '@rserpool/wire';
import { openAsapGroup } from './announcements.ts';
import type { AnnounceOptions } from './announcements.ts';
import { LateAcceptor } from './late-acceptor.ts';
import type { Network } from './network.ts';
import { OpenChannels } from './open-channels.ts';

/** All that an agent needs and that can be sent to a worker thread. */
export interface AgentOptions {
  /** `asapTransport`: what is registered in place of `asap`. Default: `asap`, where registrars cannot see it. */
  readonly engine: PoolElementOptions;
  /** Where registrars that take over reach the element; port 0 chooses one. */
  readonly asap: MessageTransport;
  readonly announce: AnnounceOptions | undefined;
}

export type AgentObserver = (event: PoolElementEvent, state: PoolElementState) => void;

/** The ASAP side of a pool element: registers, stays registered, answers keep-alives. In this thread or in a worker. */
export interface ElementAgent {
  readonly state: PoolElementState;
  updatePolicy(policy: Policy): void;
  /** Deregisters, but stays to answer registrars. */
  drain(): void;
  /** Deregisters and ends; the event 'stopped' follows, when the association with the registrar has ended too. */
  stop(): void;
}

/** An agent in the calling thread. @throws RSerPoolError listen-failed */
export async function startElementAgent(
  network: Network,
  options: AgentOptions,
  observe: AgentObserver,
): Promise<ElementAgent> {
  const acceptor = new LateAcceptor<AsapMessage>();
  const channels = new OpenChannels<AsapMessage>();
  const endpoint = await network.listenChannels(options.asap, asapCodec, acceptor.accept);
  let group: AnnounceGroup | undefined;
  const host = Object.assign(network.host, {
    connectRegistrar: channels.connector(network.connector(asapCodec, endpoint)),
  });
  const engine = new PoolElementEngine(
    host,
    { ...(isSeen(endpoint, options) ? {} : { asapTransport: endpoint.local }), ...options.engine },
    (event) => {
      if (event.type !== 'stopped') {
        observe(event, engine.state);
        return;
      }
      group?.close();
      channels.whenNone(() => {
        endpoint.close();
        observe(event, engine.state);
      });
    },
  );
  acceptor.serve(channels.acceptor(engine.acceptAsap));
  if (options.announce !== undefined) {
    group = await openAsapGroup(options.announce, network, (announce, source) =>
      engine.serverAnnounced(announce, source),
    );
  }
  engine.start();
  return engine;
}

/**
 * A registrar takes for the ASAP endpoint where the association comes from (RFC 5352 section 3.1, rule 4). An SCTP association
 * comes from there; behind the port of a TCP connection nobody listens, and the element must say where it does.
 */
function isSeen({ local }: Endpoint, { announce, engine }: AgentOptions): boolean {
  return announce === undefined && [local, ...engine.registrars].every(({ protocol }) => protocol === 'sctp');
}
