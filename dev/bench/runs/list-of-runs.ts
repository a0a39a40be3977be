/** What pages over 100,000 runs of 90 days take and cost: /runs, whole and narrowed, and /pipelines, cold and from the cache. */
import { setTimeout as sleep } from 'node:timers/promises';
import { type DemoPortal, runningDemo, sessionCookie, view } from '@/dev/bench/demo-portal';
import { percentile } from '@/dev/bench/load';
import { rowsShownMs } from '@/dev/bench/pages';
import type { Line } from '@/dev/bench/report';
import { estimateBytes, type Period } from '@/dev/bench/runs/billed-bytes';
import { type ManyRuns, manyRuns, runCount } from '@/dev/bench/runs/many-runs';
import { demoPipelines } from '@/dev/seed/pipelines';
import { addDays, utcDay } from '@/lib/platform/clock';

const coldRounds = 5;
const cachedViews = 30;

type List = { what: string; path: string; sqlFile: string; period: Period };

/** Where the page's link to its next one leads. */
function nextPath(html: string): string {
  const link = /href="(\/runs\?[^"]*\bafter=[^"]*)"/.exec(html)?.[1];
  if (!link) throw new Error('the list of runs has no next page');
  return link.replaceAll('&amp;', '&');
}

async function lists(portal: DemoPortal): Promise<List[]> {
  const today = utcDay(new Date());
  const whole = { from: addDays(today, -90), to: today };
  const day = addDays(today, -30);
  const { html } = await view(portal, '/runs');
  const list = (what: string, path: string, period = whole): List => ({
    what: `list of runs, ${what}`,
    path,
    sqlFile: 'runs/list-runs.sql',
    period,
  });
  return [
    list('all', '/runs'),
    list('failed', '/runs?status=FAILED'),
    list('of one pipeline', `/runs?pipeline=${demoPipelines[0]?.id}`),
    list('page 2', nextPath(html)),
    list('of one day', `/runs?from=${day}&to=${day}`, { from: day, to: day }),
    {
      what: 'pipelines',
      path: '/pipelines',
      sqlFile: 'runs/list-pipelines.sql',
      period: { from: addDays(today, -29), to: today },
    },
  ];
}

/** Milliseconds of each list when its rows are out of date and too old to be shown meanwhile. */
async function coldTimes(portal: DemoPortal, wanted: List[]): Promise<number[][]> {
  const times: number[][] = wanted.map(() => []);
  for (let round = 0; round < coldRounds; round++) {
    await sleep(rowsShownMs);
    await portal.database.query('UPDATE data_versions SET version = version + 1 WHERE customer_id = $1', [
      portal.customerId,
    ]);
    for (const [index, { path }] of wanted.entries()) times[index]?.push((await view(portal, path)).ms);
  }
  return times;
}

async function linesOf(portal: DemoPortal, customer: ManyRuns): Promise<Line[]> {
  const wanted = await lists(portal);
  const cold = await coldTimes(portal, wanted);
  const lines: Line[] = [];
  for (const [index, { what, path, sqlFile, period }] of wanted.entries()) {
    const cached: number[] = [];
    for (let look = 0; look < cachedViews; look++) cached.push((await view(portal, path)).ms);
    const { readBytes, billedBytes, partitions } = await estimateBytes(sqlFile, customer.tenantDatasetId, period);
    const megabytes = (bytes: number) => (bytes / 1_048_576).toFixed(1);
    lines.push(
      { what: `${what}, cold p50`, value: percentile(cold[index] ?? [], 0.5), unit: 'ms' },
      { what: `${what}, cold p95`, value: percentile(cold[index] ?? [], 0.95), unit: 'ms' },
      { what: `${what}, cached p50`, value: percentile(cached, 0.5), unit: 'ms' },
      {
        what: `${what}, cached p95`,
        value: percentile(cached, 0.95),
        unit: 'ms',
        budget: { atMost: 100 },
      },
      {
        what: `${what}, billed cold, by calculation`,
        value: Number(megabytes(billedBytes)),
        unit: 'MB',
        ratio: `reads ${megabytes(readBytes)} MB of ${partitions} partitions; 10 MB a table is the least`,
      },
    );
  }
  return lines;
}

/** Figures of the list, beside those of the other pages; null where no demo runs. `secret` signs the session. */
export async function listOfRuns(secret: string, demo: DemoPortal): Promise<Line[]> {
  const running = runningDemo();
  if (!running) return [];
  const startedMs = performance.now();
  const customer = await manyRuns();
  const seconds = ((performance.now() - startedMs) / 1000).toFixed(0);
  console.log(`  ${runCount.toLocaleString('en')} runs ready after ${seconds} s`);
  const user = { email: customer.email, customer_id: customer.customerId };
  const cookie = await sessionCookie(demo.database, user, secret);
  return linesOf({ ...demo, customerId: customer.customerId, cookie }, customer);
}
