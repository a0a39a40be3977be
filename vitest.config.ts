import { defineConfig } from 'vitest/config';

const shared = { resolve: { tsconfigPaths: true } };

/** unit: pure, no services; integration: real local services; laws: architecture, no services; bigquery-service, stripe-service: opt-in, a real project and a real test account. */
export default defineConfig({
  ...shared,
  test: {
    projects: [
      { ...shared, test: { name: 'laws', include: ['lib/laws/**/*.law.ts'] } },
      { ...shared, test: { name: 'unit', include: ['{lib,app,dev}/**/*.unit.test.ts'] } },
      {
        ...shared,
        test: {
          name: 'integration',
          include: ['{lib,app,dev}/**/*.test.ts'],
          exclude: ['**/*.unit.test.ts', '**/*.service.test.ts', 'node_modules/**'],
          globalSetup: ['dev/testing/global-setup.ts'],
          testTimeout: 30_000,
          hookTimeout: 60_000,
          maxWorkers: 2,
        },
      },
      {
        ...shared,
        test: {
          name: 'bigquery-service',
          include: ['lib/**/*.service.test.ts'],
          exclude: ['dev/doubles/stripe/**', 'node_modules/**'],
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
      {
        ...shared,
        test: {
          name: 'stripe-service',
          include: ['dev/doubles/stripe/contract/*.service.test.ts'],
          testTimeout: 300_000,
          hookTimeout: 300_000,
        },
      },
    ],
  },
});
