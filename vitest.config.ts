import { defineConfig } from 'vitest/config';

export default defineConfig({
  ssr: { resolve: { conditions: ['@rserpool/source'] } },
  resolve: { conditions: ['@rserpool/source'] },
  test: {
    include: ['packages/*/test/**/*.test.ts', 'scripts/**/*.test.ts'],
    setupFiles: ['scripts/property-seed.ts'],
    testTimeout: 30_000,
    coverage: { include: ['packages/*/src/**/*.ts'] },
  },
});
