/** Folders of `.local` that packages are installed into: made once, and anew when their pins change. */
import { createHash } from 'node:crypto';
import { existsSync, linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { checkoutDir } from '@/dev/stack/paths';
import { isRunning, type ProcessRecord, startOf } from '@/dev/stack/processes';

type Installation = {
  /** Its path in `.local`. */
  folder: string;
  /** All that it is made from, as text; also its path where it does not survive being moved. */
  pins: (path: string) => readonly string[];
  /** What people read while it is made. */
  what: string;
  /** Makes it at that path, where nothing is. */
  install: (path: string) => Promise<void>;
};

/** Waits for another process that installs into the same folder; a lock of a dead one is taken over. */
async function locked<Result>(file: string, work: () => Promise<Result>): Promise<Result> {
  const own: ProcessRecord = { name: 'installer', pid: process.pid, startedAt: startOf(process.pid) ?? '' };
  // Linking a written file, so that nobody ever reads half of a lock.
  const mine = `${file}.${process.pid}`;
  writeFileSync(mine, JSON.stringify(own));
  for (;;) {
    try {
      linkSync(mine, file);
      break;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      if (!holderLives(file)) rmSync(file, { force: true });
      else await sleep(500);
    }
  }
  rmSync(mine, { force: true });
  try {
    return await work();
  } finally {
    rmSync(file, { force: true });
  }
}

function holderLives(file: string): boolean {
  try {
    return isRunning(JSON.parse(readFileSync(file, 'utf8')) as ProcessRecord);
  } catch {
    return false;
  }
}

/** Makes the folder where it is not there as wanted; answers its path. What other processes install there is waited for. */
export async function installOnce(
  { folder, pins, what, install }: Installation,
  say: (line: string) => void,
): Promise<string> {
  const path = join(checkoutDir, '.local', folder);
  const marker = join(path, 'pins.sha256');
  const hash = createHash('sha256');
  for (const pin of pins(path)) hash.update(pin);
  const wanted = hash.digest('hex');
  const isCurrent = () => existsSync(marker) && readFileSync(marker, 'utf8') === wanted;
  if (isCurrent()) return path;
  mkdirSync(dirname(path), { recursive: true });
  await locked(`${path}.lock`, async () => {
    if (isCurrent()) return;
    say(`Installing ${what} …`);
    rmSync(path, { recursive: true, force: true });
    await install(path);
    writeFileSync(marker, wanted);
  });
  return path;
}
