/** What the processes of the endurance run and the one that started them tell each other, over Node's IPC channel. */

/** Of one process, after garbage collection. */
export interface Measurement {
  readonly fileDescriptors: number;
  readonly rssBytes: number;
  readonly heapUsedBytes: number;
  /** Sessions that are served now, or resources of that kind: more of them are no leak. */
  readonly sessions: number;
}

/** What became of the requests of one user. */
export interface UserCounts {
  readonly sessions: number;
  readonly sent: number;
  readonly answered: number;
  /** Sent, and neither answered nor told as failed. */
  readonly waiting: number;
  /** Told to the application as failed: the session was over, so that nobody knows. */
  readonly reportedFailed: number;
  /** Sessions that were over because a state was lost: its cookie was corrupted on its way. */
  readonly statesLost: number;
  readonly resent: number;
  /** Answers that came again after they had been taken. */
  readonly repeated: number;
  /** Answers whose CRC was wrong. */
  readonly corrupt: number;
  /** Answers that were missing, or requests that an element missed: all were sent again. */
  readonly gaps: number;
  /** Intact but not right: must be 0. */
  readonly wrong: number;
  readonly failovers: number;
  readonly longestPauseMs: number;
}

export type WritableCounts = { -readonly [name in keyof UserCounts]: UserCounts[name] };

export function noCounts(): WritableCounts {
  return {
    ...{
      sessions: 0,
      sent: 0,
      answered: 0,
      waiting: 0,
      reportedFailed: 0,
      statesLost: 0,
      resent: 0,
      repeated: 0,
    },
    ...{ corrupt: 0, gaps: 0, wrong: 0, failovers: 0, longestPauseMs: 0 },
  };
}

/** A registrar's view of the pool and of its peers. */
export interface RegistrarView {
  readonly registrarId: number;
  readonly ready: boolean;
  /** Identifier and home of every element, sorted. */
  readonly elements: readonly (readonly [elementId: number, homeRegistrarId: number])[];
  /** Sorted. */
  readonly peers: readonly number[];
}

export type Command = { readonly type: 'measure' } | { readonly type: 'finish' } | { readonly type: 'view' };

export type Report =
  | { readonly type: 'ready' }
  | { readonly type: 'measurement'; readonly measurement: Measurement }
  | { readonly type: 'counts'; readonly counts: UserCounts }
  /** The user has no requests any more. */
  | { readonly type: 'finished' }
  | { readonly type: 'view'; readonly view: RegistrarView };
