/** The Chromium that end-to-end tests use: one that is here, else Debian's where we may install it. */
import { spawnSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { chromium } from '@playwright/test';

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function findOnPath(name: string): string | undefined {
  const folders = (process.env.PATH ?? '').split(delimiter);
  return folders.map(folder => join(folder, name)).find(isExecutable);
}

/** The one CHROMIUM_PATH names, else Playwright's own, else one on PATH; throws where CHROMIUM_PATH names none. */
export function findChromium(): string | undefined {
  const named = process.env.CHROMIUM_PATH || undefined;
  if (named && !isExecutable(named)) throw new Error(`CHROMIUM_PATH names ${named}, which is no program.`);
  const own = [named, chromium.executablePath()].find(path => path && isExecutable(path));
  return own ?? names.map(findOnPath).find(path => path !== undefined);
}

/** Its path. Installs it by apt when we are root on Debian; otherwise throws a sentence that says what to do. */
export function ensureChromium(say: (line: string) => void): string {
  const found = findChromium();
  if (found) return found;
  if (process.getuid?.() === 0 && findOnPath('apt-get')) {
    say('Installing Chromium by apt …');
    const apt = (...args: string[]) =>
      spawnSync('apt-get', args, {
        stdio: ['ignore', 'ignore', 'inherit'],
        env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
      });
    apt('update', '-qq');
    apt('install', '-y', '-qq', '--no-install-recommends', 'chromium');
    const installed = findChromium();
    if (installed) return installed;
  }
  throw new Error(
    'No Chromium was found: install it (Debian: apt install chromium; elsewhere: npx playwright install chromium), or name one in CHROMIUM_PATH.',
  );
}
