/** Runs before each test file: files share a process, so one that mocks a module or changes the environment gets it fresh, and leaves it so. */
import { readFileSync } from 'node:fs';
import { afterAll, expect, vi } from 'vitest';

const changesTheProcess =
  /\bvi\.(mock|stubEnv|resetModules)\(|\buseOwnDatabase\(|\bprocess\.env\.\w+ = |delete process\.env/;

/** As if nothing of ours had been loaded yet. Connections are closed: too many processes would hold theirs otherwise. */
async function loadAnew(): Promise<void> {
  const { tenantryValues } = globalThis as { tenantryValues?: Map<string, unknown> };
  if (tenantryValues?.has('pool')) await (await import('@/lib/platform/db')).closeDb();
  tenantryValues?.clear();
  vi.resetModules();
}

if (changesTheProcess.test(readFileSync(expect.getState().testPath ?? '', 'utf8'))) {
  const before = { ...process.env };
  await loadAnew();
  afterAll(async () => {
    for (const name of Object.keys(process.env)) if (!(name in before)) delete process.env[name];
    Object.assign(process.env, before);
    await loadAnew();
  });
}
