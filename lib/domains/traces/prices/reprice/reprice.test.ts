/** A recompute in BigQuery values requests as `priced` does, tells what it changed, and is one at a time a customer. */
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { createWorld, type World } from '@/dev/testing/world';
import type { TraceRow } from '@/lib/domains/traces/normalize/trace-row';
import { setModelPrice } from '@/lib/domains/traces/prices/own-prices';
import { newBook } from '@/lib/domains/traces/prices/price-book';
import { priced } from '@/lib/domains/traces/prices/priced';
import { readBook } from '@/lib/domains/traces/prices/read-book';
import { listReprices } from '@/lib/domains/traces/prices/reprice/list-reprices';
import { startReprice } from '@/lib/domains/traces/prices/reprice/start-reprice';
import { workOnReprices } from '@/lib/domains/traces/prices/reprice/work-on-reprice';
import { unpricedModels } from '@/lib/domains/traces/prices/unpriced-models';
import { beginEtlRun } from '@/lib/domains/traces/runs/etl-runs';
import { etlRuns } from '@/lib/domains/traces/tables';
import { bigquery, bigqueryRequest, runStatement } from '@/lib/platform/bigquery/bigquery';
import { runLoadJob } from '@/lib/platform/bigquery/load-job';
import { addDays, utcDay } from '@/lib/platform/clock';
import { db } from '@/lib/platform/db';
import { env } from '@/lib/platform/env';
import { newId } from '@/lib/platform/ids';
import { tables } from '@/lib/warehouse/rows/metadata';
import { ensureTenantDataset } from '@/lib/warehouse/schemas/apply';
import { loadDefinitions } from '@/lib/warehouse/schemas/definition';

const today = utcDay(new Date());
let world: World;

/** Repeatable noise: the same rows in every run. */
function noise(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return state / 2_147_483_648;
  };
}

const models = ['gpt-r', 'openai/gpt-r', 'gpt-r-2026-01-01', 'claude-r', 'unheard-of', null] as const;
const providers = ['openai', 'anthropic', 'bedrock', null] as const;

function rowsOf(count: number): TraceRow[] {
  const random = noise(7);
  const whole = (most: number) => Math.floor(random() * most);
  return Array.from({ length: count }, (_, index) => {
    const day = addDays(today, -whole(12));
    const [tokensIn, tokensOut] = [whole(200_000), whole(20_000)];
    return {
      session_id: `s-${whole(20)}`,
      developer_id: 'dev@example.com',
      timestamp: `${day}T10:00:00+00:00`,
      model: models[whole(models.length)] ?? null,
      tokens_in: tokensIn,
      tokens_out: tokensOut,
      latency_ms: 1.5,
      status_code: 200,
      accepted_flag: 0,
      repo_slug: null,
      event_date: day,
      total_tokens: tokensIn + tokensOut,
      cost_usd: 0,
      diff_ratio: null,
      accepted_lines: null,
      trace_hash: index.toString(16).padStart(40, '0'),
      source: 'litellm',
      provider: providers[whole(providers.length)] ?? null,
      operation: 'chat',
      trace_id: null,
      span_id: null,
      branch: null,
      team: null,
      tags: null,
      // Now and then more than there is, as some senders count.
      cache_read_tokens: random() < 0.5 ? whole(150_000) : 0,
      cache_write_tokens: random() < 0.3 ? whole(90_000) : 0,
      cache_write_1h_tokens: random() < 0.2 ? whole(9_000) : 0,
      reasoning_tokens: random() < 0.4 ? whole(25_000) : 0,
      reported_cost_usd: null,
      from_cache: random() < 0.1,
      is_stream: false,
      first_token_ms: null,
      error_code: null,
      error_message: null,
      timestamp_assumed: false,
      received_at: `${day}T10:00:01.000Z`,
    } satisfies TraceRow;
  });
}

async function load(name: 'sessions' | 'session_details', rows: readonly object[]): Promise<void> {
  const columns = Object.keys(tables[name].columns);
  const definition = loadDefinitions('metadata').find(({ table }) => table === name);
  if (!definition) throw new Error(`there is no table ${name}`);
  const lines = rows.map(row => {
    const all = row as Record<string, unknown>;
    return JSON.stringify(Object.fromEntries(columns.map(column => [column, all[column] ?? null])));
  });
  await runLoadJob(
    {
      jobId: newId('tenantry_test'),
      dataset: world.tenantDatasetId,
      table: name,
      fields: definition.fields.map(({ name: field, type }) => ({ name: field, type })),
      ndjson: `${lines.join('\n')}\n`,
    },
    bigquery(),
  );
}

const rows = rowsOf(400);
beforeAll(async () => {
  world = await createWorld();
  await ensureTenantDataset(bigquery(), world.tenantDatasetId, env().BIGQUERY_LOCATION);
  await load(
    'sessions',
    rows.map((row, index) => ({ ...row, id: index + 1 })),
  );
  await load(
    'session_details',
    rows.map(row => ({ ...row, book_cost_usd: null, price_id: null, loaded_at: row.received_at })),
  );
});
afterAll(() =>
  bigqueryRequest(bigquery(), {
    method: 'DELETE',
    uri: `/datasets/${world.tenantDatasetId}`,
    qs: { deleteContents: true },
  }),
);

type Stored = { trace_hash: string; book_cost_usd: number | null; price_id: string | null };
const stored = async (): Promise<Stored[]> =>
  (
    await runStatement({
      name: 'test/costs',
      sql: `SELECT trace_hash, book_cost_usd, price_id FROM \`${world.tenantDatasetId}.session_details\` ORDER BY trace_hash`,
    })
  ).rows as Stored[];
const setPrice = (price: object) => setModelPrice(world.as('ADMIN'), price);
/** Runs of the hour are counted; a test's own do not hold up the next test's. */
const forgetRuns = () => db().delete(etlRuns).where(eq(etlRuns.customerId, world.customerId));

test('every request of the days costs what `priced` says, and the report tells what changed', async () => {
  await setPrice({
    provider: 'openai',
    model: 'gpt-r',
    input_usd: 2.5,
    output_usd: 10,
    cache_read_usd: 1.25,
    effective_from: addDays(today, -30),
  });
  await setPrice({
    provider: 'openai',
    model: 'gpt-r',
    input_usd: 0.1,
    output_usd: 0.3,
    reasoning_usd: 0.7,
    effective_from: addDays(today, -5),
  });
  await setPrice({ provider: '', model: 'claude-r', input_usd: 3, output_usd: 15, effective_from: addDays(today, -8) });
  await startReprice(world.as('ADMIN'), { days: 30 });
  const book = newBook(await readBook(world.customerId));
  const expected = rows.map(row => priced(row, book));
  expect(await stored()).toEqual(
    expected.map(({ trace_hash, book_cost_usd, price_id }) => ({ trace_hash, book_cost_usd, price_id })),
  );
  const [run] = await listReprices(world.as('VIEWER'), {});
  const unpriced = expected.filter(row => row.book_cost_usd === null).length;
  expect(unpriced).toBeGreaterThan(20);
  expect(run).toMatchObject({
    state: 'COMPLETED',
    to: today,
    report: {
      before: { requests: 400, unpriced: 400, cost_usd: 0 },
      after: { requests: 400, unpriced },
      changed: 400 - unpriced,
    },
  });
  const total = expected.reduce((sum, row) => sum + (row.book_cost_usd ?? 0), 0);
  expect(run?.report?.after.cost_usd).toBeCloseTo(total, 6);
  const { models: without } = await unpricedModels(world.as('VIEWER'));
  expect(without.map(({ model }) => model)).toContain('unheard-of');
  expect(without.filter(model => model.has_price_now)).toEqual([]);
});

test('repeated it changes nothing, and days before the period keep what they have', async () => {
  await forgetRuns();
  const before = await stored();
  await startReprice(world.as('ADMIN'), { days: 30 });
  expect((await listReprices(world.as('VIEWER'), {}))[0]?.report).toMatchObject({ changed: 0, models: [] });
  expect(await stored()).toEqual(before);
  await setPrice({
    provider: 'openai',
    model: 'gpt-r',
    input_usd: 9,
    output_usd: 9,
    effective_from: addDays(today, -20),
  });
  await startReprice(world.as('ADMIN'), { days: 2 });
  expect(await stored()).toEqual(before);
});

test('one at a time and six an hour; only admins begin one', async () => {
  await forgetRuns();
  const { customerId } = world;
  const begin = (minutesAgo: number) =>
    db().transaction(tx => {
      const details = { source: 'prices', from: today, to: today, started_by: 'test' };
      const at = new Date(Date.now() - minutesAgo * 60_000);
      return beginEtlRun(tx, { customerId, job: 'reprice-traces', details, at });
    });
  await expect(startReprice(world.as('COLLABORATOR'), { days: 7 })).rejects.toMatchObject({ code: 'forbidden' });
  await begin(5);
  await expect(startReprice(world.as('ADMIN'), { days: 7 })).rejects.toMatchObject({ code: 'conflict' });
  // What the process that began it left is done by a worker.
  await workOnReprices();
  expect((await listReprices(world.as('VIEWER'), {}))[0]).toMatchObject({ state: 'COMPLETED' });
  for (const minutesAgo of [50, 40, 30, 20, 10]) await begin(minutesAgo);
  await db().update(etlRuns).set({ state: 'COMPLETED' }).where(eq(etlRuns.customerId, customerId));
  await expect(startReprice(world.as('ADMIN'), { days: 7 })).rejects.toMatchObject({
    code: 'rate_limited',
    retryAfterSeconds: expect.any(Number),
  });
  await forgetRuns();
});

test('a customer without any request gets an empty report', async () => {
  const fresh = await createWorld();
  await startReprice(fresh.as('OWNER'), { days: 7 });
  await vi.waitFor(async () => {
    const [run] = await listReprices(fresh.as('OWNER'), {});
    expect(run).toMatchObject({ state: 'COMPLETED', report: { changed: 0, after: { requests: 0 } } });
  });
});
