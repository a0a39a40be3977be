/** Folders for what is not a result yet, on the volume of the results, so that a rename is enough; those of dead processes are removed. */
import { mkdir, readdir, rm, stat } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { env } from '@/lib/platform/env';
import { newUuid } from '@/lib/platform/ids';
import { processWide } from '@/lib/platform/process-wide';

const dayMs = 86_400_000;
const host = hostname().replace(/[^\w-]/g, '-');
const root = () => join(env().TRACE_PARQUET_DIR, '.work');

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** A folder is left over where its process is gone; one of another machine where nothing changed in it for a day. */
async function isLeftOver(name: string): Promise<boolean> {
  const [owner, pid] = name.split('.');
  if (owner === host) return !isAlive(Number(pid));
  const info = await stat(join(root(), name)).catch(() => null);
  return info !== null && Date.now() - info.mtimeMs > dayMs;
}

/** Removes what processes that were killed left. */
export async function sweepWorkFolders(): Promise<void> {
  for (const name of await readdir(root()).catch(() => [])) {
    if (await isLeftOver(name)) await rm(join(root(), name), { recursive: true, force: true });
  }
}

/** Makes an empty folder of this process; the caller removes it. The first one sweeps. */
export async function newWorkFolder(): Promise<string> {
  await processWide('trace-work-folders', sweepWorkFolders);
  const folder = join(root(), `${host}.${process.pid}.${newUuid()}`);
  await mkdir(folder, { recursive: true });
  return folder;
}
