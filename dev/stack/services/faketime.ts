/** Another clock for a process and all that it starts: Debian's libfaketime, preloaded. */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { ensureDebian } from '@/dev/stack/services/debian';

const library = 'libfaketimeMT.so.1';

function findLibrary(): string | undefined {
  const places = ['/usr/lib', '/usr/lib64', '/usr/local/lib'].filter(existsSync);
  const folders = places.flatMap(place => [place, ...readdirSync(place).map(name => join(place, name))]);
  return folders.map(folder => join(folder, 'faketime', library)).find(existsSync);
}

/** The library's path. Installs it by apt when we are root on Debian; otherwise throws a sentence that says what to do. */
export const ensureFaketime = (say: (line: string) => void): string =>
  ensureDebian({
    name: 'libfaketime',
    find: findLibrary,
    advice: 'No libfaketime was found: install it (Debian: apt install libfaketime; elsewhere: your package manager).',
    say,
  });

/**
 * The variables that make it `instant` now; the clock goes on from there. All processes that inherit them agree, as
 * they hold the distance from the real clock, counted here once. What counts time that passes is left as it is.
 */
export function clockFrom(instant: Date, preload: string): Record<string, string> {
  const seconds = Math.round((instant.getTime() - Date.now()) / 1000);
  return {
    LD_PRELOAD: preload,
    FAKETIME: `${seconds < 0 ? '' : '+'}${seconds}`,
    FAKETIME_DONT_FAKE_MONOTONIC: '1',
    // Files keep their times: Python would otherwise compile all its sources anew, for this clock and again for the real one.
    NO_FAKE_STAT: '1',
  };
}
