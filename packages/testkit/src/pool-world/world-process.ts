import { asapCodec, enrpCodec } from '@rserpool/core';
import type { Association, MessageCodec } from '@rserpool/core';
import type { AsapMessage, EnrpMessage, MessageTransport } from '@rserpool/wire';
import type { VirtualHost } from '../world/virtual-host.ts';
import type { VirtualNode } from '../world/virtual-node.ts';
import { manglingCodec } from './mangling.ts';
import type { PoolWorld } from './pool-world.ts';
import { TappedAssociation } from './tapped-association.ts';
import type { ChannelTap } from './tapped-channel.ts';
import type { WiringEnd } from './wiring.ts';
import type { ProcessEvent } from './world-observer.ts';

/** What every process may have. */
export interface ProcessOptions {
  /** How fast its clock runs, and how far it is off: see {@link VirtualNode.host}. Default: as the world's. */
  readonly clockRate?: number;
  readonly clockOffsetMs?: number;
  /** An element or a user hears registrars announce themselves. Default true. */
  readonly hearsAnnounces?: boolean;
}

/** A process on a host of a {@link PoolWorld}: an engine that ships, and what it needs around it. */
export abstract class WorldProcess {
  readonly world: PoolWorld;
  /** Its host's. */
  readonly name: string;
  readonly node: VirtualNode;
  readonly host: VirtualHost;
  /** Counts the processes of its host, from 1. */
  readonly incarnation: number;

  constructor(world: PoolWorld, name: string, options: ProcessOptions) {
    this.world = world;
    this.name = name;
    this.node = world.newNode(name);
    this.incarnation = world.nextIncarnation(name);
    this.host = this.node.host(name, {
      ...(options.clockRate === undefined ? {} : { clockRate: options.clockRate }),
      ...(options.clockOffsetMs === undefined ? {} : { clockOffsetMs: options.clockOffsetMs }),
    });
  }

  get alive(): boolean {
    return this.node.alive;
  }

  protected transport(port: number, use: 'data' | 'data-control' = 'data'): MessageTransport {
    return { protocol: 'sctp', port, use, addresses: [...this.node.addresses] };
  }

  protected emit(event: ProcessEvent): void {
    for (const observer of this.world.observers) observer.onEvent?.(this, event);
  }

  protected get asapEnd(): WiringEnd<AsapMessage> {
    return this.#end(asapCodec);
  }

  protected enrpEnd(registrarId: number): WiringEnd<EnrpMessage> {
    return this.#end(enrpCodec(registrarId));
  }

  protected readonly asapTap: ChannelTap<AsapMessage> = {
    sent: (to, message) => {
      for (const observer of this.world.observers) observer.onAsapSent?.(this, to, message);
    },
    received: (from, message) => {
      for (const observer of this.world.observers) observer.onAsapReceived?.(this, from, message);
    },
  };

  protected readonly enrpTap: ChannelTap<EnrpMessage> = {
    sent: (to, message) => {
      for (const observer of this.world.observers) observer.onEnrpSent?.(this, to, message);
    },
    received: (from, message) => {
      for (const observer of this.world.observers) observer.onEnrpReceived?.(this, from, message);
    },
  };

  /** Shows the messages that are sent on an association of a session. */
  protected tapped(association: Association): Association {
    return new TappedAssociation(association, (to, message) => {
      for (const observer of this.world.observers) observer.onSessionMessageSent?.(this, to, message);
    });
  }

  #end<M>(codec: MessageCodec<M>): WiringEnd<M> {
    const { mangling, mangleStream } = this.world;
    return { node: this.node, host: this.host, codec: manglingCodec(codec, mangling, mangleStream) };
  }
}
