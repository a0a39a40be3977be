/** Programs of the system: found on PATH, else installed by apt where we are root on Debian. */
import { spawnSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

export function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

export function findOnPath(name: string): string | undefined {
  const folders = (process.env.PATH ?? '').split(delimiter);
  return folders.map(folder => join(folder, name)).find(isExecutable);
}

type Wanted<Found> = {
  /** Debian's packages. */
  packages: string[];
  find: () => Found | undefined;
  /** What to do where it is not here and we may not install it. */
  advice: string;
  say: (line: string) => void;
};

/** What `find` finds, after an installation where it must; throws the advice. Two processes at once wait for each other. */
export function ensureDebian<Found>({ packages, find, advice, say }: Wanted<Found>): Found {
  const found = find();
  if (found !== undefined) return found;
  if (process.getuid?.() === 0 && findOnPath('apt-get')) {
    say(`Installing ${packages.join(' and ')} by apt …`);
    const apt = (...args: string[]) =>
      spawnSync('apt-get', ['-qq', '-o', 'DPkg::Lock::Timeout=120', ...args], {
        stdio: ['ignore', 'ignore', 'inherit'],
        env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
      });
    apt('update');
    apt('install', '-y', '--no-install-recommends', ...packages);
    const installed = find();
    if (installed !== undefined) return installed;
  }
  throw new Error(advice);
}
