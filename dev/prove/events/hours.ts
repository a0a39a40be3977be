/** Hours that pass in a minute: the wall clock of all parts of a stand is set forward while what counts passing time goes on. */
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { clockFromFile, ensureFaketime } from '@/dev/stack/services/faketime';
import { reachableDir } from '@/dev/stack/services/postgres-binaries';
import { lockSpaces } from '@/lib/kernel/locks';
import { pool } from '@/lib/platform/db';

/** How long a process goes on with the clock it has read. */
const seenWithinSeconds = 1;

export class Hours {
  readonly #file = join(reachableDir(), 'clock');
  #passed = 0;
  /** What processes must inherit to have this clock. */
  readonly env: Record<string, string>;

  constructor(say: (line: string) => void) {
    mkdirSync(reachableDir(), { recursive: true });
    this.#write();
    chmodSync(this.#file, 0o644);
    this.env = clockFromFile(this.#file, ensureFaketime(say), seenWithinSeconds);
  }

  /** It is an hour later; appenders learn of it as they do in life, when they open a shard. */
  async pass(): Promise<void> {
    this.#passed++;
    this.#write();
    await sleep(2 * seenWithinSeconds * 1_000);
    const appenders = 'SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = $1 AND classid = $2';
    await pool().query(appenders, ['advisory', lockSpaces.ingestAppender]);
  }

  #write(): void {
    writeFileSync(this.#file, `+${this.#passed * 3_600}\n`);
  }
}
