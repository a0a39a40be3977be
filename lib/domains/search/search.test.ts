import { and, eq } from 'drizzle-orm';
import { expect, test } from 'vitest';
import { insertSource } from '@/dev/testing/events/sources';
import { insertConfig } from '@/dev/testing/providers/configs';
import { insertPastRuns } from '@/dev/testing/runs';
import { createWorld, type World } from '@/dev/testing/world';
import { createKey } from '@/lib/domains/keys/commands';
import { startRun } from '@/lib/domains/runs/start/reserve';
import { runs } from '@/lib/domains/runs/tables';
import { search } from '@/lib/domains/search/search';
import { requireCustomer } from '@/lib/kernel/ctx';
import { db } from '@/lib/platform/db';
import { randomText } from '@/lib/platform/ids';

const find = async (world: World, q: string, role: 'OWNER' | 'VIEWER' = 'OWNER') =>
  (await search(requireCustomer(world.as(role)), { q })).found;

async function worldWithOneOfEach() {
  const tag = randomText(8).toLowerCase();
  const world = await createWorld({ plan: 'PROFESSIONAL' });
  const { result } = await createKey(world.system, { name: `Key-${tag}`, scopes: ['runs:write'] });
  const { run } = await startRun(
    world.system,
    { pipeline_id: `load-${tag}`, trigger_type: 'api', trigger_by: 'test' },
    {},
  );
  await insertConfig(world, { configName: `config-${tag}` });
  await insertSource(world, { sourceName: `source-${tag}` });
  return { tag, world, key: result.key, secret: result.secret.reveal(), runId: run.pipelineLoggingId };
}

test('what holds the text in its name is found, whatever its capitals, and what is another customer’s is not', async () => {
  const { tag, world } = await worldWithOneOfEach();
  const kinds = (await find(world, tag.toUpperCase(), 'VIEWER')).map(({ kind }) => kind).sort();
  expect(kinds).toEqual(expect.arrayContaining(['key', 'provider', 'run', 'source']));
  expect(await find(await createWorld(), tag)).toEqual([]);
});

test('an id finds its thing alone, and a foreign one nothing', async () => {
  const { world, key, runId } = await worldWithOneOfEach();
  expect(await find(world, runId)).toMatchObject([{ kind: 'run', id: runId }]);
  expect(await find(world, key.api_key_id)).toMatchObject([{ kind: 'key', id: key.api_key_id }]);
  const stranger = await createWorld();
  expect(await find(stranger, runId)).toEqual([]);
  expect(await find(stranger, key.api_key_id)).toEqual([]);
});

test('an observed run is found by its job’s name and by its orchestrator’s id of it, and by no other customer', async () => {
  const { tag, world } = await worldWithOneOfEach();
  const [orchestratorRunId, jobName] = [crypto.randomUUID(), `nightly build ${tag}`];
  const startTime = new Date();
  await insertPastRuns(world, [{ pipelineId: 'nightly_build', status: 'COMPLETED', startTime, durationMs: 1_000 }]);
  await db()
    .update(runs)
    .set({ origin: 'observed', orchestratorRunId, jobName })
    .where(and(eq(runs.customerId, world.customerId), eq(runs.pipelineId, 'nightly_build')));
  for (const q of [orchestratorRunId, `build ${tag}`])
    expect(await find(world, q), q).toMatchObject([
      { kind: 'run', name: 'nightly_build', detail: `completed, job ${jobName}` },
    ]);
  expect(await find(await createWorld(), orchestratorRunId)).toEqual([]);
});

test('a whole key finds its row by what lists show of it, and an empty text nothing', async () => {
  const { world, key, secret } = await worldWithOneOfEach();
  expect(await find(world, secret)).toMatchObject([{ kind: 'key', id: key.api_key_id }]);
  expect(await find(world, '  ')).toEqual([]);
  expect(await find(world, '%')).toEqual([]);
  expect(await find(world, "' OR 1=1 --")).toEqual([]);
});

test('a caller without a kind’s permission does not find it', async () => {
  const { tag, world } = await worldWithOneOfEach();
  const found = await find(world, tag);
  expect(found.length).toBeGreaterThan(3);
  const key = { type: 'api_key', id: 'key', name: 'key', scopes: ['runs:read'] } as const;
  await expect(search(requireCustomer({ ...world.as('OWNER'), actor: key }), { q: tag })).rejects.toMatchObject({
    code: 'insufficient_scope',
  });
});
