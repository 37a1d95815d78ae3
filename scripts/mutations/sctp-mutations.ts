import { sctpAssociationMutations } from './sctp-association-mutations.ts';
import { sctpDataMutations } from './sctp-data-mutations.ts';
import type { Mutation } from './mutation.ts';
import { sctpRecoveryMutations } from './sctp-recovery-mutations.ts';

export const sctpMutations: readonly Mutation[] = [
  ...sctpAssociationMutations,
  ...sctpDataMutations,
  ...sctpRecoveryMutations,
];
