import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { findChromium } from '@/dev/stack/services/chromium';

const own = vi.hoisted(() => ({ path: '' }));
vi.mock('@playwright/test', async importOriginal => ({
  ...(await importOriginal<object>()),
  chromium: { executablePath: () => own.path },
}));

let folder = '';
function program(name: string): string {
  const path = join(folder, name);
  writeFileSync(path, '#!/bin/sh\n', { mode: 0o755 });
  return path;
}

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'chromium-'));
  own.path = join(folder, 'not-downloaded');
  vi.stubEnv('CHROMIUM_PATH', '');
  vi.stubEnv('PATH', folder);
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true });
});

test('the Chromium of CHROMIUM_PATH goes before Playwright’s own, which goes before one on PATH', () => {
  expect(findChromium()).toBeUndefined();
  const onPath = program('google-chrome');
  expect(findChromium()).toBe(onPath);
  own.path = program('playwrights-own');
  expect(findChromium()).toBe(own.path);
  vi.stubEnv('CHROMIUM_PATH', program('named'));
  expect(findChromium()).toBe(join(folder, 'named'));
});

test('a CHROMIUM_PATH that names no program is told of instead of passed over', () => {
  vi.stubEnv('CHROMIUM_PATH', join(folder, 'missing'));
  program('chromium');
  expect(() => findChromium()).toThrow('CHROMIUM_PATH names');
});

test('Playwright starts the Chromium that was found', async () => {
  const demoFile = join(folder, 'demo.json');
  writeFileSync(demoFile, JSON.stringify({ portal: 'http://127.0.0.1:3000' }));
  vi.stubEnv('TENANTRY_DEMO', demoFile);
  vi.stubEnv('CHROMIUM_PATH', program('named'));
  const { default: config } = await import('@/e2e/playwright.config');
  expect(config.use?.launchOptions).toMatchObject({ executablePath: join(folder, 'named') });
});
