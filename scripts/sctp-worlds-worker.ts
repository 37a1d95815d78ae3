import { runSctpWorld } from '@rserpool/testkit';
import { answerSeeds } from './worlds/answer-seeds.ts';

answerSeeds((seed, length, digest) => runSctpWorld(seed, { length, digest }));
