import tseslint from 'typescript-eslint';

const engineGlobals = ['Date', 'setTimeout', 'setInterval', 'setImmediate', 'performance', 'crypto'];

export default tseslint.config(
  { ignores: ['**/dist/', '**/coverage/', '.plan/', 'lab/.work/', '.dependency-cruiser.cjs'] },
  {
    files: ['**/*.ts'],
    extends: [...tseslint.configs.strictTypeChecked, ...tseslint.configs.stylisticTypeChecked],
    languageOptions: {
      parserOptions: {
        project: ['./packages/*/tsconfig.json', './tsconfig.tests.json'],
        tsconfigRootDir: import.meta.dirname,
      },
    },
    rules: {
      '@typescript-eslint/explicit-module-boundary-types': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/no-confusing-void-expression': [
        'error',
        { ignoreArrowShorthand: true, ignoreVoidReturningFunctions: true },
      ],
      'max-lines': ['error', { max: 400, skipBlankLines: true, skipComments: true }],
      'max-lines-per-function': ['error', { max: 70, skipBlankLines: true, skipComments: true }],
    },
  },
  {
    // Engines know no clock, no randomness and no I/O but their host's (DESIGN.md, "One engine, three worlds").
    files: [
      'packages/wire/src/**',
      'packages/core/src/**',
      'packages/sctp/src/{packet,chunks,parameters,causes,association,endpoint,extensions}/**',
    ],
    rules: {
      'no-restricted-globals': ['error', ...engineGlobals],
      'no-restricted-properties': ['error', { object: 'Math', property: 'random' }],
    },
  },
  {
    files: ['**/test/**/*.ts', 'bench/**/*.ts', 'lab/scenarios/*.ts'],
    rules: { 'max-lines-per-function': 'off' },
  },
  {
    // What node:test's functions return is its own to wait for.
    files: ['lab/scenarios/*.ts'],
    rules: {
      '@typescript-eslint/no-floating-promises': [
        'error',
        {
          allowForKnownSafeCalls: [
            {
              from: 'package',
              package: 'node:test',
              name: ['it', 'describe', 'before', 'after', 'afterEach'],
            },
          ],
        },
      ],
    },
  },
);
