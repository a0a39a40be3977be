/** Folders of throw-away runs under `.test/`: made per run, and swept where a killed run left one behind. */
import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isRunning, type ProcessRecord, startOf } from '@/dev/stack/processes';
import { openStack } from '@/dev/stack/stack';

const nameOf = (owner: { pid: number; startedAt: string }) => `run-${owner.pid}-${owner.startedAt.split(':').at(-1)}`;

function ownerAlive(folder: string): boolean {
  try {
    const { supervisor } = JSON.parse(readFileSync(join(folder, 'pids.json'), 'utf8')) as { supervisor: ProcessRecord };
    return isRunning(supervisor);
  } catch {
    // No list of processes yet: the name tells the pid that made the folder.
    const pid = Number(/run-(\d+)-/.exec(folder)?.[1]);
    return Number.isInteger(pid) && startOf(pid) !== undefined;
  }
}

/** Ends and removes what killed runs left under `base`. */
export async function sweep(base: string, say: (line: string) => void): Promise<void> {
  mkdirSync(base, { recursive: true });
  for (const name of readdirSync(base)) {
    const dir = join(base, name);
    if (!name.startsWith('run-') || ownerAlive(dir)) continue;
    say(`Removing what a killed run left in ${dir}.`);
    const left = await openStack({ dir, throwaway: true, say });
    await left.stop();
  }
}

/** A new folder's path for a throw-away run of this process. */
export function throwawayDir(base: string): string {
  return join(base, nameOf({ pid: process.pid, startedAt: startOf(process.pid) ?? 'x' }));
}
