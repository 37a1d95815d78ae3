import fc from 'fast-check';

/*
 * Property tests draw the same inputs in every run, so that a change lands or fails for what it changes. To look for more:
 * `PROPERTY_SEED=random npx vitest run packages/core`; a failure prints its seed, to be kept as an example in the test.
 */
const seed = process.env['PROPERTY_SEED'] ?? '20261121';

if (seed !== 'random') fc.configureGlobal({ seed: Number(seed) });
