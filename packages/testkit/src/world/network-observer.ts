import type { DownReason } from '@rserpool/core';
import type { MessageTransport } from '@rserpool/wire';
import type { VirtualNode } from './virtual-node.ts';

/** A message and where it goes. */
export interface Passage {
  /** Name of the {@link VirtualProtocol}, {@link VirtualGroup} or {@link VirtualTransport}. */
  readonly protocol: string;
  readonly fromAddress: string;
  /** 0 for a datagram. */
  readonly fromPort: number;
  readonly toAddress: string;
  /** 0 for a datagram. */
  readonly toPort: number;
  readonly message: unknown;
}

/** One end of a connection. */
export interface ConnectionEnd {
  readonly protocol: string;
  readonly local: MessageTransport;
  readonly remote: MessageTransport;
}

export type ConnectionEvent = 'connect' | 'up' | 'accept' | DownReason;

/** Sees what a network carries, at the time at which it happens. What is not defined costs next to nothing. */
export interface NetworkObserver {
  /** An application sent a message. Of a datagram once for each receiver. */
  onSent?(passage: Passage): void;
  /** An application is about to be given it. */
  onDelivered?(passage: Passage): void;
  /** It was lost on its way, for this time: a connection tries again. */
  onLost?(passage: Passage, why: 'cut' | 'loss'): void;
  /** It never will be delivered: its connection is down. */
  onUndeliverable?(passage: Passage): void;
  /** A process opens, accepts or has a connection, or hears that it is down. */
  onConnection?(what: ConnectionEvent, end: ConnectionEnd, node: VirtualNode): void;
}
