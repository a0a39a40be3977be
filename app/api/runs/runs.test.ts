/** The JSON and CSV of runs as a key calls them. */
import { beforeAll, expect, test } from 'vitest';
import { GET as getRun } from '@/app/api/runs/[id]/route';
import { GET as getRuns } from '@/app/api/runs/route';
import { customerKey } from '@/dev/testing/data-plane';
import { checkReport, runInput, stepReport } from '@/dev/testing/quota';
import { insertPastRuns } from '@/dev/testing/runs';
import { createWorld } from '@/dev/testing/world';
import { reportChecks, reportSteps } from '@/lib/domains/runs/reports/report';
import { startRun } from '@/lib/domains/runs/start/reserve';
import { newUuid } from '@/lib/platform/ids';

let key: string;
let failedId: string;
let movingId: string;

const call = async (handler: typeof getRuns, query = '', params: Record<string, string> = {}) => {
  const request = new Request(`http://127.0.0.1/api/x${query}`, { headers: { authorization: `Bearer ${key}` } });
  const response = await handler(request, { params: Promise.resolve(params) });
  return { status: response.status, headers: response.headers, text: await response.text() };
};

beforeAll(async () => {
  const world = await createWorld();
  key = (await customerKey(world, ['runs:read'])).text;
  const at = (minutes: number) => new Date(Date.now() - minutes * 60_000);
  const [failed] = await insertPastRuns(world, [
    { pipelineId: 'p', status: 'FAILED', startTime: at(9), durationMs: 1_000, errorMessage: 'login: password=hunter2' },
    { pipelineId: 'p', status: 'COMPLETED', startTime: at(8), durationMs: 1_000 },
    { pipelineId: 'q', status: 'CANCELLED', startTime: at(7), durationMs: 1_000 },
  ]);
  failedId = failed?.pipelineLoggingId ?? '';
  const started = await startRun(world.system, { ...runInput(), parameters: { day: 1, db_password: 'x' } });
  movingId = started.run.pipelineLoggingId;
  await reportSteps(world.system, { steps: [stepReport({ metadata: { row: 1 } })] }, movingId);
  await reportChecks(world.system, { dq_results: [checkReport({})] }, movingId);
});

test('runs come page by page, also those that BigQuery has not got, without the secrets of their errors', async () => {
  const first = JSON.parse((await call(getRuns, '?limit=3')).text);
  const rest = JSON.parse((await call(getRuns, `?limit=3&after=${first.next_cursor}`)).text);
  expect([...first.data, ...rest.data].map(run => [run.pipeline_id, run.status])).toEqual([
    ['daily_costs', 'RUNNING'],
    ['q', 'CANCELLED'],
    ['p', 'COMPLETED'],
    ['p', 'FAILED'],
  ]);
  expect(rest).toMatchObject({ next_cursor: null, data: [{ error_message: 'login: password=[secret]' }] });
});

test('the same filter gives the same runs as JSON and as a file', async () => {
  const { data } = JSON.parse((await call(getRuns, '?pipeline=p')).text);
  const file = await call(getRuns, '?pipeline=p&format=csv&limit=1');
  expect(file.headers.get('content-disposition')).toMatch(/^attachment; filename="runs-[\d-]{10}\.csv"$/);
  const lines = file.text.trim().split('\r\n').slice(1);
  expect(lines.map(line => line.split(',')[0])).toEqual(
    data.map((run: { pipeline_logging_id: string }) => run.pipeline_logging_id),
  );
  expect(file.text).not.toContain('hunter2');
});

test.each([
  'status=DONE',
  'from=2026-02-30',
  'from=2026-02-02&to=2026-02-01',
  'error=x',
  'checks=passed',
  'limit=0',
  'limit=101',
  'after=x',
  'q=1',
])('?%s is refused', async query => expect((await call(getRuns, `?${query}`)).status).toBe(400));

test('one run comes with its steps and checks and says whether it goes on, without the values of its secrets', async () => {
  const { status, text } = await call(getRun, '', { id: movingId });
  expect(status).toBe(200);
  expect(JSON.parse(text)).toMatchObject({
    status: 'RUNNING',
    is_moving: true,
    parameters: { day: 1, db_password: '[secret]' },
    steps: [{ step_name: 'load_costs', metadata: { row: 1 } }],
    checks: [{ dq_config_id: 'nulls', overall_status: 'PASS' }],
    next_steps_cursor: null,
  });
  expect(JSON.parse((await call(getRun, '', { id: failedId })).text)).toMatchObject({
    status: 'FAILED',
    is_moving: false,
  });
});

test('an unknown id is not found, a wrong cursor is refused', async () => {
  for (const id of [newUuid(), 'x']) expect((await call(getRun, '', { id })).status).toBe(404);
  expect((await call(getRun, '?steps_after=x', { id: movingId })).status).toBe(400);
});
