import type { MessageTransport, PoolHandle } from '@rserpool/wire';

/** Why an element left the handlespace. */
export type RemovalReason =
  /** It deregistered here. */
  | 'deregistered'
  /** Its registration life is over. */
  | 'expired'
  /** It did not acknowledge a keep-alive. */
  | 'keep-alive-unanswered'
  /** Its association was lost and it did not come back in time. */
  | 'association-lost'
  /** More failure reports than MAX-BAD-PE-REPORT. */
  | 'reported'
  /** After the takeover of its registrar it could not be reached. */
  | 'adoption-failed'
  /** Its home registrar says so. */
  | 'removed-by-home'
  /** Its home registrar does not list it any more. */
  | 'unlisted'
  /** Reported, owned by a peer, and not reachable from here: gone from this registrar's copy only. */
  | 'unreachable-from-here';

/** What happens in a registrar, for its one observer. */
export type RegistrarEvent =
  /** Initialization is over. */
  | { readonly type: 'serving'; readonly mentorId: number | undefined }
  | {
      readonly type: 'registered';
      readonly poolHandle: PoolHandle;
      readonly elementId: number;
      readonly again: boolean;
    }
  | {
      readonly type: 'removed';
      readonly poolHandle: PoolHandle;
      readonly elementId: number;
      readonly homeRegistrarId: number;
      readonly reason: RemovalReason;
    }
  | {
      readonly type: 'home-changed';
      readonly poolHandle: PoolHandle;
      readonly elementId: number;
      readonly fromId: number;
      readonly toId: number;
    }
  /** A request was refused with an error cause. */
  | {
      readonly type: 'rejected';
      readonly request: 'registration' | 'deregistration' | 'resolution';
      readonly poolHandle: PoolHandle;
      readonly causeCode: number;
      readonly from: MessageTransport;
    }
  | { readonly type: 'peer-up'; readonly registrarId: number }
  /** `taken-over`: this or another registrar owns its elements now. */
  | { readonly type: 'peer-down'; readonly registrarId: number; readonly reason: 'dead' | 'taken-over' }
  /** This registrar wants to take over a dead peer. */
  | { readonly type: 'takeover-started'; readonly targetId: number; readonly elements: number }
  /** The target is alive, or another registrar goes first. */
  | { readonly type: 'takeover-cancelled'; readonly targetId: number }
  /** `byId` is the new home of the target's elements; this registrar itself, or a peer that told so. */
  | {
      readonly type: 'takeover';
      readonly targetId: number;
      readonly byId: number;
      readonly elements: number;
    }
  /** The elements of a peer were loaded again because the checksums differed or messages may have been lost. */
  | { readonly type: 'resynchronised'; readonly registrarId: number; readonly removed: number };
