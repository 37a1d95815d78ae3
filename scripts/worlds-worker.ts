import { runMixedWorld } from '@rserpool/testkit';
import { answerSeeds } from './worlds/answer-seeds.ts';

answerSeeds((seed, minutes, digest) => runMixedWorld(seed, { minutes, digest }));
