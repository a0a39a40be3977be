import { defineConfig } from '@playwright/test';
import { findChromium } from '@/dev/stack/services/chromium';
import { demo } from '@/e2e/demo';

const chromium = findChromium();

/** Stories run against a running demo (its .local/demo.json, or the file TENANTRY_DEMO names), one after the other. */
export default defineConfig({
  testDir: '.',
  testMatch: '*.spec.ts',
  workers: 1,
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
