import { clientMutations } from './client-mutations.ts';
import { handlespaceMutations } from './handlespace-mutations.ts';
import type { Mutation } from './mutation.ts';
import { registrarMutations } from './registrar-mutations.ts';
import { sessionMutations } from './session-mutations.ts';

export const mutations: readonly Mutation[] = [
  ...handlespaceMutations,
  ...registrarMutations,
  ...clientMutations,
  ...sessionMutations,
];
