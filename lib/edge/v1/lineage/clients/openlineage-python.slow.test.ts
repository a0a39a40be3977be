/** OpenLineage's client for Python as it is published reports a run by its settings alone, in each of its ways to send. */
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { checkoutDir } from '@/dev/stack/paths';
import { clientVenv } from '@/dev/stack/services/python-venv';
import { openPlanes, type Planes } from '@/dev/testing/lineage/planes';
import { runWell } from '@/dev/testing/lineage/program';
import { checksOf, createSender, namesOf, onlyRun, readBack, type Sender } from '@/dev/testing/lineage/sender';

const folder = 'lib/edge/v1/lineage/clients';
let python: string;
let planes: Planes;
beforeAll(async () => {
  python = await clientVenv('dbt', `${folder}/dbt-requirements.txt`);
  planes = await openPlanes();
}, 600_000);
afterAll(() => planes.close());

const plain = ({ key }: Sender) => ({ OPENLINEAGE_URL: planes.proxy.url, OPENLINEAGE_API_KEY: key });
/** The same by the names of single settings. */
const transport = (sender: Sender, type: string, more: Record<string, string> = {}) => ({
  OPENLINEAGE__TRANSPORT__TYPE: type,
  OPENLINEAGE__TRANSPORT__URL: planes.proxy.url,
  OPENLINEAGE__TRANSPORT__AUTH: JSON.stringify({ type: 'api_key', apiKey: sender.key }),
  ...more,
});

/** The id that the client gave its run. */
async function report(env: Record<string, string>, outcome: 'ok' | 'fail'): Promise<string> {
  const script = join(checkoutDir, folder, 'openlineage-client.py');
  return (await runWell(python, [script, outcome], { env })).trim().split('\n').at(-1) ?? '';
}

const ways = {
  http: { env: plain, busy: 0, encoding: null },
  'http with gzip': {
    env: (sender: Sender) => transport(sender, 'http', { OPENLINEAGE__TRANSPORT__COMPRESSION: 'gzip' }),
    busy: 0,
    encoding: 'gzip',
  },
  'http after two answers of 503': { env: plain, busy: 2, encoding: null },
  async_http: { env: (sender: Sender) => transport(sender, 'async_http'), busy: 0, encoding: null },
  'async_http after two answers of 503': {
    env: (sender: Sender) => transport(sender, 'async_http'),
    busy: 2,
    encoding: null,
  },
};

test.each(Object.entries(ways))('%s: a run is one run, its task a step, its assertions a check', async (_, way) => {
  const sender = await createSender();
  planes.proxy.begin(way.busy);
  const id = await report(way.env(sender), 'ok');
  const { passed } = planes.proxy;
  expect(passed.map(({ status }) => status).sort()).toEqual([...Array(5).fill(201), ...Array(way.busy).fill(503)]);
  expect(new Set(passed.map(({ encoding }) => encoding))).toEqual(new Set([way.encoding]));
  const told = await onlyRun(sender, 'COMPLETED');
  expect(told.run).toMatchObject({
    pipelineLoggingId: id,
    pipelineId: 'daily',
    origin: 'observed',
    orchestrator: 'CUSTOM',
    jobNamespace: 'shop',
    jobName: 'daily',
    rowsProcessed: 42,
    stepCount: 1,
    checkCount: 1,
    checksFailed: 0,
    quotaCharge: 0,
    lateEvents: 0,
  });
  expect(JSON.stringify(told.run.parameters)).toContain('2026-01-01T00:00:00Z');
  expect(namesOf(told)).toEqual(['task daily.load: COMPLETED']);
  expect(checksOf(told)).toEqual(['duckdb://shop/raw.orders by daily.load: WARNING, 1 passed, 1 failed']);
  await readBack(planes.proxy.url, sender, told);
});

test('a run that failed says why, and so does its step', async () => {
  const sender = await createSender();
  await report(plain(sender), 'fail');
  const told = await onlyRun(sender, 'FAILED');
  expect(told.run.errorMessage).toBe('relation orders is missing');
  expect(told.steps).toMatchObject([{ status: 'FAILED', errorMessage: 'relation orders is missing' }]);
  expect(told.run.errorFingerprint).toMatch(/^[0-9a-f]{16}$/);
});

test('with the key of nobody the client says 401, and the program it is in goes on to its end', async () => {
  const script = join(checkoutDir, folder, 'openlineage-client.py');
  const env = { OPENLINEAGE_URL: planes.proxy.url, OPENLINEAGE_API_KEY: 'ty_live_nobody' };
  await expect(runWell(python, [script, 'ok'], { env })).rejects.toThrow(/401/);
});
