/** Whole numbers in JSON keep their digits from a worker's body to Postgres, BigQuery and back; what no store keeps is refused. */
import { beforeAll, expect, test } from 'vitest';
import { caller, customerKey } from '@/dev/testing/data-plane';
import { createWorld, type World } from '@/dev/testing/world';
import { runsMirror } from '@/lib/domains/runs/mirror';
import { getRun } from '@/lib/domains/runs/reads/queries';
import { listRunChecks, listRunSteps } from '@/lib/domains/runs/reads/run-parts';
import { app } from '@/lib/edge/v1/app';
import { relayDeps } from '@/lib/edge/worker/mirrors';
import { utcDay } from '@/lib/platform/clock';
import { newUuid } from '@/lib/platform/ids';
import { flushOnce } from '@/lib/warehouse/mirror/relay';
import { verifyMirror } from '@/lib/warehouse/mirror/verify';

const call = caller(async (input, init) => app.fetch(new Request(input as string, init)));
const kept = '{"above":9007199254740993,"float":1e+30,"list":[9223372036854775807,-9223372036854775808],"small":7}';
let world: World;
let key: string;

beforeAll(async () => {
  world = await createWorld();
  key = (await customerKey(world)).text;
});

const post = (path: string, body: string) =>
  call(path, { method: 'POST', key, body, headers: { 'content-type': 'application/json' } });
const start = (parameters: string) =>
  post('/v1/runs', `{"pipeline_id":"digits","trigger_type":"api","trigger_by":"t","parameters":${parameters}}`);

test('parameters, metadata and failed expectations are read back as they were sent, from both stores', async () => {
  const started = await start(kept);
  expect(started.text).toContain(`"parameters":${kept}`);
  const id = String(started.json.pipeline_logging_id);
  const now = new Date().toISOString();
  const step = `{"step_logging_id":"${newUuid()}","step_name":"s","step_type":"t","step_index":0,"status":"RUNNING","start_time":"${now}","metadata":${kept}}`;
  expect((await post(`/v1/runs/${id}/steps`, `{"steps":[${step}]}`)).json).toMatchObject({ stored: 1 });
  const check = `{"dq_result_id":"${newUuid()}","target_table":"t","dq_config_id":"c","executed_at":"${now}","expectations_passed":0,"expectations_failed":1,"failed_expectations":[${kept}],"overall_status":"FAIL"}`;
  expect((await post(`/v1/runs/${id}/dq-results`, `{"dq_results":[${check}]}`)).json).toMatchObject({ stored: 1 });

  const read = await call(`/v1/runs/${id}`, { key });
  for (const digits of ['9007199254740993', '[9223372036854775807,-9223372036854775808]'])
    expect(read.text).toContain(digits);
  expect((read.json.parameters as { float: number }).float).toBe(1e30);

  await flushOnce(relayDeps(), { customers: [world.customerId] });
  const which = { pipelineLoggingId: id, startDay: utcDay(new Date(String(started.json.start_time))) };
  const [run] = (await getRun(world.system, which)).rows;
  const [stored] = (await listRunSteps(world.system, which)).rows;
  const [result] = (await listRunChecks(world.system, which)).rows;
  for (const value of [run?.parameters, stored?.metadata, result?.failed_expectations]) {
    const text = JSON.stringify(value);
    for (const digits of ['9007199254740993', '[9223372036854775807,-9223372036854775808]'])
      expect(text).toContain(digits);
  }
  for await (const verified of verifyMirror(relayDeps(), runsMirror as never, world.customerId))
    expect(verified.differences).toEqual([]);
});

test.each(['9223372036854775808', '-9223372036854775809', '1'.repeat(60)])(
  '%s is refused with its path',
  async number => {
    const refused = await start(`{"deep":[{"n":${number}}]}`);
    expect([refused.status, refused.json.code]).toEqual([400, 'invalid_input']);
    expect(refused.json.errors).toEqual([
      { path: 'parameters.deep.0.n', message: expect.stringContaining('does not fit 64 bits') },
    ]);
  },
);
