import type { AsapMessage, EnrpMessage, Profile } from '../../src/index.ts';

/** A message, its bytes as one profile sends them, and what the bytes reveal about the sender. */
export type Vector = {
  readonly name: string;
  /** Whose bytes these are: decoded as from this profile, and encoded for it. */
  readonly profile: Profile;
  /** Hexadecimal, in words. */
  readonly bytes: string;
  /** What the bytes reveal about their sender. */
  readonly reveals: Profile | undefined;
} & (
  | { readonly protocol: 'asap'; readonly message: AsapMessage }
  | { readonly protocol: 'enrp'; readonly message: EnrpMessage }
);
