import fc from 'fast-check';
import { encodeAsap, encodeEnrp } from '../src/index.ts';
import type { AsapMessage, EnrpMessage, Profile } from '../src/index.ts';
import { asapMessages } from './arbitraries/asap-message.ts';
import { enrpMessages } from './arbitraries/enrp-message.ts';

/** A message that we build, and its bytes. */
export type SampleMessage = { readonly profile: Profile; readonly bytes: Uint8Array } & (
  | { readonly protocol: 'asap'; readonly message: AsapMessage }
  | { readonly protocol: 'enrp'; readonly message: EnrpMessage }
);

/** The same messages every time: so many of each type under each profile. */
export function sampleMessages(countPerType: number): SampleMessage[] {
  const sampled = <M>(arbitraries: Readonly<Record<string, fc.Arbitrary<M>>>): M[] =>
    Object.values(arbitraries).flatMap((messages) =>
      fc.sample(messages, { seed: 5354, numRuns: countPerType }),
    );
  return (['rfc', 'rsplib'] as const).flatMap((profile) => [
    ...sampled<AsapMessage>(asapMessages(profile)).map((message) => {
      return { protocol: 'asap', profile, message, bytes: encodeAsap(message, profile) } as const;
    }),
    ...sampled<EnrpMessage>(enrpMessages(profile)).map((message) => {
      return { protocol: 'enrp', profile, message, bytes: encodeEnrp(message, profile) } as const;
    }),
  ]);
}
