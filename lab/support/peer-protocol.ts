import type { ProtocolParameters } from '@rserpool/sctp';
import type { Sending, Tally } from './numbered-messages.ts';

/** What a peer program is started with: as JSON, its only argument. */
export interface PeerOptions {
  readonly addresses: readonly [string, ...string[]];
  /** SCTP port. */
  readonly port: number;
  readonly parameters: Partial<ProtocolParameters>;
  /** Of the kernel program: whether it lets the peer reset its streams (RFC 6525). Default: no. */
  readonly allowsStreamReset?: boolean;
}

/** What the scenario tells a peer program; it is about the association that has come up last. */
export type Command =
  | { readonly do: 'connect'; readonly addresses: readonly [string, ...string[]]; readonly port: number }
  /** Answered by `sent` when everything is handed to the stack. */
  | { readonly do: 'send'; readonly sending: Sending }
  /** Answered by `expecting`; counts from now on, and tells `received` when there are so many. */
  | { readonly do: 'expect'; readonly count: number }
  /** Of the kernel program: the socket gets a further address, loses one, or asks the peer to send to one (RFC 5061). */
  | { readonly do: 'address'; readonly change: 'add' | 'remove' | 'primary'; readonly address: string }
  /** Answered by `status`. */
  | { readonly do: 'status' }
  | { readonly do: 'shutdown' }
  | { readonly do: 'abort'; readonly reason: string };

/** What a peer program tells. */
export type PeerEvent =
  /** It listens. */
  | { readonly event: 'ready' }
  | { readonly event: 'up' }
  /** The same association goes on with a peer that has lost its state: the kernel's way; ours ends it and has a new one. */
  | { readonly event: 'restarted' }
  | { readonly event: 'sent' }
  | { readonly event: 'expecting' }
  | ({ readonly event: 'received' } & Tally)
  | {
      readonly event: 'status';
      readonly associations: number;
      readonly paths: Readonly<Record<string, string>>;
      readonly primary: string;
    }
  | { readonly event: 'path'; readonly address: string; readonly state: string }
  | { readonly event: 'peer-shutdown' }
  | {
      readonly event: 'end';
      readonly reason: 'closed' | 'lost' | 'aborted' | 'unreachable' | 'restarted';
      /** Messages handed back. The kernel counts fragments. */
      readonly undelivered: number;
      /** What the peer's ABORT said; the kernel program does not tell. */
      readonly causes: readonly string[];
    };
