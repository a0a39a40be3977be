/**
 * `npm run db:generate`: makes the one migration anew from the tables. Nothing has been released, so there is nothing to
 * migrate from; after the first release `drizzle-kit generate` adds files and this script goes.
 */
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkoutDir, nodeBinary } from '@/dev/stack/paths';

const folder = join(checkoutDir, 'sql/migrations');
const name = 'tables';
const tail = readFileSync(join(folder, 'beyond-drizzle.sql'), 'utf8');
/** Tables that are partitioned, and by what. */
const partitioned: Record<string, string> = {
  audit_log: 'RANGE (occurred_at)',
  ingest_log: 'RANGE (appended_at)',
  event_receipts: 'RANGE (recorded_at)',
};

function withPartitions(text: string): string {
  let result = text;
  for (const [table, by] of Object.entries(partitioned)) {
    const created = new RegExp(`(CREATE TABLE "${table}" \\([\\s\\S]*?\\n\\));`);
    if (!created.test(result)) throw new Error(`the migration makes no table ${table}`);
    result = result.replace(created, `$1 PARTITION BY ${by};`);
  }
  return result;
}

for (const file of readdirSync(folder)) if (/^\d{4}_.*\.sql$/.test(file)) rmSync(join(folder, file));
rmSync(join(folder, 'meta'), { recursive: true, force: true });
const kit = join(checkoutDir, 'node_modules/drizzle-kit/bin.cjs');
const { status } = spawnSync(nodeBinary(), [kit, 'generate', '--name', name], { cwd: checkoutDir, stdio: 'inherit' });
if (status !== 0) process.exit(status ?? 1);
const migration = join(folder, `0000_${name}.sql`);
writeFileSync(migration, `${withPartitions(readFileSync(migration, 'utf8'))}\n--> statement-breakpoint\n${tail}`);
