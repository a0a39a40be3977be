/** Processes by pid, told apart from others that later got the same pid by when they started. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

export type ProcessRecord = { name: string; pid: number; startedAt: string };

/** When a live process started, as text to compare; undefined when there is none (a zombie counts as none). */
export function startOf(pid: number): string | undefined {
  try {
    if (process.platform !== 'linux') {
      const started = execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' }).trim();
      return started || undefined;
    }
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The command may hold spaces and parentheses, so fields are counted from its last one; state is field 3, start 22.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    if (fields[0] === 'Z' || fields[0] === 'X') return undefined;
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    return `${boot}:${fields[19]}`;
  } catch {
    return undefined;
  }
}

/** Whether the recorded process still runs, and is that one. */
export function isRunning(record: Pick<ProcessRecord, 'pid' | 'startedAt'>): boolean {
  return startOf(record.pid) === record.startedAt;
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

async function ended(record: ProcessRecord, withinMs: number): Promise<boolean> {
  const until = Date.now() + withinMs;
  while (isRunning(record)) {
    if (Date.now() > until) return false;
    await sleep(25);
  }
  return true;
}

/** Ends one recorded process: `first` (to drain), and after `graceMs` SIGKILL to it and its group. Others are never touched. */
export async function endProcess(record: ProcessRecord, first: NodeJS.Signals, graceMs: number): Promise<void> {
  if (!isRunning(record)) return;
  signal(record.pid, first);
  if (await ended(record, graceMs)) return;
  if (!isRunning(record)) return;
  signal(-record.pid, 'SIGKILL');
  signal(record.pid, 'SIGKILL');
  if (!(await ended(record, 5_000))) throw new Error(`${record.name} (pid ${record.pid}) does not end.`);
}
