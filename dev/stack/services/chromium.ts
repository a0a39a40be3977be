/** The Chromium that end-to-end tests use: one that is here, else Debian's where we may install it. */
import { chromium } from '@playwright/test';
import { ensureDebian, findOnPath, isExecutable } from '@/dev/stack/services/debian';

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

/** The one CHROMIUM_PATH names, else Playwright's own, else one on PATH; throws where CHROMIUM_PATH names none. */
export function findChromium(): string | undefined {
  const named = process.env.CHROMIUM_PATH || undefined;
  if (named && !isExecutable(named)) throw new Error(`CHROMIUM_PATH names ${named}, which is no program.`);
  const own = [named, chromium.executablePath()].find(path => path && isExecutable(path));
  return own ?? names.map(findOnPath).find(path => path !== undefined);
}

/** Its path. Installs it by apt when we are root on Debian; otherwise throws a sentence that says what to do. */
export function ensureChromium(say: (line: string) => void): string {
  return ensureDebian({
    packages: ['chromium'],
    find: findChromium,
    advice:
      'No Chromium was found: install it (Debian: apt install chromium; elsewhere: npx playwright install chromium), or name one in CHROMIUM_PATH.',
    say,
  });
}
