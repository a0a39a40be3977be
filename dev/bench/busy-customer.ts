/** What people of a busy customer wait for and cost: pages read while runs are reported, and changes made by hand. */
import { setTimeout as sleep } from 'node:timers/promises';
import { type DemoPortal, view } from '@/dev/bench/demo-portal';

const paths = ['/', '/keys', '/usage', '/api/keys', '/api/quotas'];
/** Names whose statement answers two questions of these paths: active keys, and expired ones. */
const questionsOf: Record<string, number> = { 'api_key.list': 2 };
const stillViews = 20;
const runsPerSecond = 3;
const busyMs = 95_000;
const windowMs = 30_000;
const pauseMs = 150;
const changes = 25;

export type BusyCustomer = {
  /** Milliseconds a view takes while nothing changes, and while runs are reported. */
  stillMs: number[];
  busyMs: number[];
  runs: number;
  /** The most statements that one question cost BigQuery in 30 s, and its name. */
  mostQuestions: { name: string; per30s: number };
  statements: number;
  createdMs: number[];
  revokedMs: number[];
};

async function post(url: string, key: string, body: object): Promise<Record<string, unknown>> {
  const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' };
  const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) });
  if (!response.ok) throw new Error(`${url} answered ${response.status}: ${await response.text()}`);
  return (await response.json()) as Record<string, unknown>;
}

async function reportRun({ dataPlane, apiKey }: DemoPortal): Promise<void> {
  const run = { pipeline_id: 'bench', trigger_type: 'api', trigger_by: 'bench' };
  const { pipeline_logging_id: id } = await post(`${dataPlane}/v1/runs`, apiKey, run);
  await post(`${dataPlane}/v1/runs/${id}/complete`, apiKey, { status: 'COMPLETED' });
}

/** Reports runs at a steady pace until `signal`; answers how many. */
async function reportRuns(demo: DemoPortal, signal: AbortSignal): Promise<number> {
  const reports: Promise<void>[] = [];
  while (!signal.aborted) {
    reports.push(reportRun(demo));
    await sleep(1_000 / runsPerSecond);
  }
  await Promise.all(reports);
  return reports.length;
}

/** Statements sent by the portal so far, by the name of their query. */
async function statements({ portal }: DemoPortal): Promise<Map<string, number>> {
  const text = await (await fetch(`${portal}/metrics`)).text();
  const lines = text.matchAll(/^tenantry_bigquery_query_seconds_count\{query="([^"]+)"\} (\d+)/gm);
  return new Map([...lines].map(([, name = '', count]) => [name, Number(count)]));
}

async function readPages(demo: DemoPortal): Promise<Pick<BusyCustomer, 'busyMs' | 'mostQuestions' | 'statements'>> {
  const times: number[] = [];
  const before = await statements(demo);
  const startedAt = performance.now();
  for (let look = 0; performance.now() - startedAt < busyMs; look++) {
    times.push((await view(demo, paths[look % paths.length] ?? '/')).ms);
    await sleep(pauseMs);
  }
  // A question asked every 30 s is asked so often in that time, one at its start included.
  const windows = Math.floor((performance.now() - startedAt) / windowMs) + 1;
  const sent = [...(await statements(demo))].map(([name, count]) => ({ name, count: count - (before.get(name) ?? 0) }));
  const rates = sent.map(({ name, count }) => ({ name, per30s: count / (questionsOf[name] ?? 1) / windows }));
  const [mostQuestions = { name: 'none', per30s: 0 }] = rates.toSorted((a, b) => b.per30s - a.per30s);
  return { busyMs: times, mostQuestions, statements: sent.reduce((sum, { count }) => sum + count, 0) };
}

/** Lets the customer start as many runs as the measurement needs, and puts its limits back. */
async function withoutLimits<Result>({ database, customerId }: DemoPortal, work: () => Promise<Result>) {
  const { rows } = await database.query<{ daily: number; concurrent: number }>(
    'SELECT daily_limit AS daily, concurrent_limit AS concurrent FROM quota_counters WHERE customer_id = $1',
    [customerId],
  );
  const apply = (daily: number | undefined, concurrent: number | undefined) =>
    database.query('SELECT apply_limits($1, $2)', [
      customerId,
      JSON.stringify({ dailyLimit: daily, concurrentLimit: concurrent }),
    ]);
  await apply(1_000_000, 1_000_000);
  try {
    return await work();
  } finally {
    await apply(rows[0]?.daily, rows[0]?.concurrent);
  }
}

async function changed(demo: DemoPortal, path: string, method: string, body: object | null) {
  const headers = { cookie: demo.cookie, origin: demo.portal, 'content-type': 'application/json' };
  const started = performance.now();
  const response = await fetch(demo.portal + path, { method, headers, body: body && JSON.stringify(body) });
  const answer = (await response.json()) as Record<string, unknown>;
  if (!response.ok) throw new Error(`${method} ${path} answered ${response.status}: ${JSON.stringify(answer)}`);
  return { ms: performance.now() - started, answer };
}

async function changeKeys(demo: DemoPortal): Promise<Pick<BusyCustomer, 'createdMs' | 'revokedMs'>> {
  const createdMs: number[] = [];
  const revokedMs: number[] = [];
  for (let change = 0; change < changes; change++) {
    const made = await changed(demo, '/api/keys', 'POST', { name: `Bench ${change}`, scopes: ['runs:read'] });
    createdMs.push(made.ms);
    const gone = await changed(demo, `/api/keys/${made.answer.api_key_id}`, 'DELETE', null);
    revokedMs.push(gone.ms);
  }
  return { createdMs, revokedMs };
}

/** Reads the pages and their JSON while nothing changes, then while three runs a second are reported; then changes keys. */
export async function busyCustomer(demo: DemoPortal): Promise<BusyCustomer> {
  const stillMs: number[] = [];
  for (const path of paths) await view(demo, path);
  for (let look = 0; look < stillViews * paths.length; look++)
    stillMs.push((await view(demo, paths[look % paths.length] ?? '/')).ms);
  const { runs, ...read } = await withoutLimits(demo, async () => {
    const stop = new AbortController();
    const reporting = reportRuns(demo, stop.signal);
    const pages = await readPages(demo).finally(() => stop.abort());
    return { ...pages, runs: await reporting };
  });
  return { stillMs, ...read, runs, ...(await changeKeys(demo)) };
}
