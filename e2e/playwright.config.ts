import { defineConfig } from '@playwright/test';
import { findChromium } from '@/dev/stack/services/chromium';
import { demo } from '@/e2e/demo';

const chromium = findChromium();

/** Stories that share what the whole demo has one of, run one after the other while others run beside them. */
const shared = {
  // They run jobs by hand, read lists of all customers and suspend one of the seed's.
  console: ['support.spec.ts', 'audit.spec.ts'],
  // Planned outages of the local Stripe meet whoever calls it next.
  stripe: ['billing.spec.ts', 'billing-life.spec.ts'],
};

/**
 * Stories run against a running demo (its .local/demo.json, or the file TENANTRY_DEMO names), in two browsers at once. A story
 * that changes anything does it in an organization of its own (`organization.ts`, or a sign-up); the seed's are read only.
 */
export default defineConfig({
  testDir: '.',
  workers: 2,
  projects: [
    ...Object.entries(shared).map(([name, testMatch]) => ({ name, testMatch, workers: 1 })),
    { name: 'stories', testMatch: '*.spec.ts', testIgnore: Object.values(shared).flat() },
  ],
  // A browser on a busy machine misses a moment now and then; who passes at the second try only is named at the end.
  retries: 1,
  timeout: 60_000,
  expect: { timeout: 10_000 },
  outputDir: '../test-results',
  reporter: process.env.TENANTRY_E2E_REPORT
    ? [['json', { outputFile: process.env.TENANTRY_E2E_REPORT }], ['line']]
    : 'list',
  use: {
    baseURL: demo().portal,
    viewport: { width: 1440, height: 900 },
    // A trace of every test costs a third of the time: E2E_TRACE=on when one is looked into.
    trace: process.env.E2E_TRACE === 'on' ? 'retain-on-failure' : 'off',
    screenshot: 'only-on-failure',
    launchOptions: { args: ['--no-sandbox'], ...(chromium ? { executablePath: chromium } : {}) },
  },
});
