/** Runs before each test file: files share a process, so one that mocks a module or changes the environment gets it fresh, and leaves it so. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, vi } from 'vitest';
import { forgetProcessWide } from '@/lib/platform/process-wide';

const changesTheProcess =
  /\bvi\.(mock|stubEnv|resetModules)\(|\bprocess\.env\.\w+ = |\bdelete process\.env|Object\.assign\(process\.env/;

/** Whether the file, or a helper of this folder that it uses, does so. */
function changes(file: string, seen = new Set<string>()): boolean {
  if (seen.has(file)) return false;
  seen.add(file);
  const text = readFileSync(file, 'utf8');
  const helpers = [...text.matchAll(/ from '@\/(dev\/testing\/[\w-]+)'/g)];
  return (
    changesTheProcess.test(text) || helpers.some(([, helper]) => changes(join(process.cwd(), `${helper}.ts`), seen))
  );
}

/** As if nothing of ours had been loaded yet. Connections are closed: too many would be held otherwise, and shards of the log with them; so is the analyzer's process. */
async function loadAnew(): Promise<void> {
  const { tenantryValues } = globalThis as { tenantryValues?: Map<string, unknown> };
  if (tenantryValues?.has('ingest-log-events'))
    await (await import('@/lib/warehouse/ingest/log/ingest-log')).closeIngestLogs();
  if (tenantryValues?.has('sql-analyzer')) (await import('@/lib/platform/sql-analyzer/analyze-sql')).closeAnalyzer();
  if (tenantryValues?.has('pool')) await (await import('@/lib/platform/db')).closeDb();
  tenantryValues?.clear();
  vi.resetModules();
}

const before = { ...process.env };
const needsFresh = changes(expect.getState().testPath ?? '');
if (needsFresh) await loadAnew();
// A file that ended while its BigQuery was away would leave the next one only moments to be answered.
forgetProcessWide('warehouse-state');
afterAll(async () => {
  const changed = Object.keys({ ...process.env, ...before }).filter(name => process.env[name] !== before[name]);
  for (const name of changed) {
    if (before[name] === undefined) delete process.env[name];
    else process.env[name] = before[name];
  }
  if (needsFresh || changed.length > 0) await loadAnew();
});
