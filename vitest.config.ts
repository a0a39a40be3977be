import { defineConfig } from 'vitest/config';

const shared = { resolve: { tsconfigPaths: true } };
const setupFiles = ['dev/testing/shared-process.ts'];
/** A process serves many files: most of a file's time is otherwise the loading of what the file before it had loaded. */
const shareProcesses = { isolate: false, setupFiles };
const onServices = { ...shareProcesses, globalSetup: ['dev/testing/global-setup.ts'], hookTimeout: 60_000 };

/**
 * A test's project is its name's ending:
 * - `*.law.ts` laws: the architecture; no services.
 * - `*.unit.test.ts` unit: pure; no services.
 * - `*.slow.test.ts` slow (`npm run test:slow`): kills, outages, drains, soaks, the doubles' own contracts, and outside clients.
 *   One file at a time. A client in Python has a virtual environment of its own, `.local/venv-<client>`, pinned by a
 *   requirements file beside its test; one for Node whose packages do not go with ours has `.local/clients/<client>`.
 * - `*.service.test.ts`: opt-in, a real BigQuery project (bigquery-service) or Stripe test account (stripe-service).
 * - any other `*.test.ts` integration: on the real local services.
 */
export default defineConfig({
  ...shared,
  test: {
    projects: [
      { ...shared, test: { name: 'laws', include: ['lib/laws/**/*.law.ts'], isolate: false } },
      {
        ...shared,
        // Some look at a year of days in five zones; a busy machine takes its time for them.
        test: {
          name: 'unit',
          include: ['{lib,app,dev}/**/*.unit.test.{ts,tsx}'],
          ...shareProcesses,
          testTimeout: 30_000,
        },
      },
      {
        ...shared,
        test: {
          name: 'integration',
          include: ['{lib,app,dev}/**/*.test.ts'],
          exclude: ['**/*.{unit,slow,service}.test.ts', 'node_modules/**'],
          ...onServices,
          testTimeout: 30_000,
          // As in the browser tests: who passes at the second try only is named at the end.
          retry: 1,
          maxWorkers: 2,
        },
      },
      {
        ...shared,
        test: {
          name: 'slow',
          include: ['{lib,app,dev,clients}/**/*.slow.test.ts'],
          ...onServices,
          isolate: true,
          testTimeout: 120_000,
          retry: 1,
          maxWorkers: 1,
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
