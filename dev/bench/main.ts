/** `npm run bench`: measures the budgets of docs/architecture.md on the running local services, beside bare parts in the same run. */
import { spawnSync } from 'node:child_process';
import { parseArgs } from 'node:util';
import { agentDoorLines } from '@/dev/bench/agent-log/door';
import { agentReadLines } from '@/dev/bench/agent-log/reads';
import { type BusyCustomer, busyCustomer } from '@/dev/bench/busy-customer';
import { startChild } from '@/dev/bench/children';
import { benchDatabase, runningServices } from '@/dev/bench/database';
import { type DemoPortal, runningDemo, withDemo } from '@/dev/bench/demo-portal';
import { consumerLines } from '@/dev/bench/events/consumer';
import { doorLines } from '@/dev/bench/events/door';
import { transformLines } from '@/dev/bench/events/transform';
import { type BenchCustomer, createCustomers, createVerifier } from '@/dev/bench/fixtures';
import { loadingLines } from '@/dev/bench/ingest/loading';
import { logLines } from '@/dev/bench/ingest/log';
import { lineageLines } from '@/dev/bench/lineage/door';
import { type LoadRequest, load, percentile } from '@/dev/bench/load';
import { mirrorLags } from '@/dev/bench/mirror-lag';
import { type PageFigures, pageFigures } from '@/dev/bench/pages';
import { rawLookUps } from '@/dev/bench/raw-look-up';
import { isMet, type Line, table } from '@/dev/bench/report';
import { listOfRuns } from '@/dev/bench/runs/list-of-runs';
import { traceDoorLines } from '@/dev/bench/traces/door';
import { traceFileLines } from '@/dev/bench/traces/import';
import { type WebhookServer, webhookLines } from '@/dev/bench/webhooks';
import { closeDb } from '@/lib/platform/db';
import { env } from '@/lib/platform/env';

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '8' },
    strict: { type: 'boolean', default: false },
    /** `portal` leaves out the data plane and the mirror, `busy` also the pages one by one, `runs` also the busy customer; `data-plane`, `transform`, `door`, `ingest`, `traces` and `agent-log` are that alone. */
    only: { type: 'string' },
  },
});
const seconds = Math.min(60, Math.max(1, Number(values.seconds) || 8));
const customerCount = 200;
const verifyConnections = 32;
const reserveConnections = 128;
const lagSamples = 20;
const webhookSeconds = 10;
const say = (line: string) => console.log(line);

const post = (path: string, key: string, body: object): LoadRequest => ({
  method: 'POST',
  path,
  headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
  body: JSON.stringify(body),
});
const run = { pipeline_id: 'bench', trigger_type: 'api', trigger_by: 'bench' };

async function bareHttp(requests: LoadRequest[]): Promise<number> {
  const bare = await startChild('dev/bench/bare-server.ts', {});
  try {
    return (await load(bare.url, requests, { connections: verifyConnections, seconds })).perSecond;
  } finally {
    await bare.stop();
  }
}

/** Key checks, run starts and lineage against a data plane of our own, beside a bare server and bare statements. */
async function dataPlane(customers: BenchCustomer[], verifier: string): Promise<Line[]> {
  const checks = customers.map(customer => post('/v1/keys/verify', verifier, { key: customer.key }));
  const starts = customers.map(customer => post('/v1/runs', customer.key, run));
  say('A bare node:http server and bare look-ups …');
  const http = await bareHttp(checks);
  const keys = customers.map(customer => customer.key);
  const lookUps = await rawLookUps(keys, verifyConnections, seconds);
  const plane = await startChild('lib/edge/v1/main.ts', {});
  const measure = async (what: string, requests: LoadRequest[], connections: number) => {
    say(`${what} …`);
    const measured = await load(plane.url, requests, { connections, seconds });
    if (measured.failed > 0) throw new Error(`${what}: ${measured.failed} calls failed`);
    return measured;
  };
  try {
    const verify = await measure('verify', checks, verifyConnections);
    const many = await measure(`reserve over ${customerCount} customers`, starts, reserveConnections);
    const hot = await measure('reserve of one customer', starts.slice(0, 1), reserveConnections);
    say('lineage …');
    const lineage = await lineageLines(customers, seconds, http);
    const ratio = (perSecond: number) =>
      `${(perSecond / http).toFixed(2)} of bare http, ${(perSecond / lookUps).toFixed(2)} of bare look-ups`;
    return [
      { what: 'bare node:http', value: http, unit: '/s' },
      { what: 'bare look-up in Postgres', value: lookUps, unit: '/s' },
      {
        what: 'verify',
        value: verify.perSecond,
        unit: '/s',
        budget: { atLeast: 6_000 },
        ratio: ratio(verify.perSecond),
      },
      { what: 'verify, p99', value: verify.p99Ms, unit: 'ms', budget: { atMost: 15 } },
      {
        what: `reserve, ${customerCount} customers`,
        value: many.perSecond,
        unit: '/s',
        budget: { atLeast: 3_000 },
        ratio: ratio(many.perSecond),
      },
      { what: 'reserve, many, p99', value: many.p99Ms, unit: 'ms' },
      { what: 'reserve, one customer', value: hot.perSecond, unit: '/s', ratio: ratio(hot.perSecond) },
      { what: 'reserve, one, p99', value: hot.p99Ms, unit: 'ms' },
      ...lineage,
    ];
  } finally {
    await plane.stop();
  }
}

async function mirror(customer: BenchCustomer): Promise<Line[]> {
  say('mirror lag …');
  const lags = await mirrorLags(customer, lagSamples);
  return [
    { what: 'mirror lag, p50', value: percentile(lags, 0.5), unit: 'ms' },
    { what: 'mirror lag, p95', value: percentile(lags, 0.95), unit: 'ms', budget: { atMost: 2_000 } },
  ];
}

const pageLines = (figures: PageFigures[]): Line[] =>
  figures.flatMap(({ path, coldP50Ms, cachedP95Ms, scriptKb, repeat }) => [
    { what: `page ${path}, cold p50`, value: coldP50Ms, unit: 'ms' },
    { what: `page ${path}, cached p95`, value: cachedP95Ms, unit: 'ms', budget: { atMost: 100 } },
    { what: `page ${path}, first-load JS`, value: scriptKb, unit: 'kB gzip', budget: { atMost: 150 } },
    {
      what: `page ${path}, billed by ${repeat.views} repeat views`,
      value: repeat.bytesBilled,
      unit: 'bytes',
      budget: { atMost: 0 },
      ratio: `${repeat.queries} queries sent, while the customer’s worker asks for its quota`,
    },
  ]);

function busyLines(busy: BusyCustomer): Line[] {
  const { stillMs, busyMs, mostQuestions, createdMs, revokedMs } = busy;
  const beside = (share: number) =>
    `${(percentile(busyMs, share) / percentile(stillMs, share)).toFixed(2)} of the same while nothing changes`;
  const ms = (what: string, values: number[], share: number, atMost?: number, ratio?: string): Line => ({
    what: `${what}, p${share * 100}`,
    value: percentile(values, share),
    unit: 'ms',
    ...(atMost ? { budget: { atMost } } : {}),
    ...(ratio ? { ratio } : {}),
  });
  return [
    ms('pages and JSON, nothing changes', stillMs, 0.5),
    ms('pages and JSON, nothing changes', stillMs, 0.95),
    ms('busy customer, pages and JSON', busyMs, 0.5, undefined, beside(0.5)),
    ms('busy customer, pages and JSON', busyMs, 0.95, 150, beside(0.95)),
    ms('busy customer, pages and JSON', busyMs, 0.99, undefined, beside(0.99)),
    {
      what: 'busy customer, queries a question and 30 s',
      value: mostQuestions.per30s,
      unit: '',
      budget: { atMost: 1 },
      ratio: `${busy.statements} queries by ${busyMs.length} views and ${busy.runs} runs; most: ${mostQuestions.name}`,
    },
    ms('create a key by the portal’s JSON', createdMs, 0.5),
    ms('create a key by the portal’s JSON', createdMs, 0.95, 200),
    ms('revoke a key by the portal’s JSON', revokedMs, 0.5),
    ms('revoke a key by the portal’s JSON', revokedMs, 0.95, 200),
  ];
}

async function portal(secret: string): Promise<Line[]> {
  say('pages of the demo, still and busy …');
  const pages = async (demo: DemoPortal) => [
    ...(values.only === 'runs' ? [] : busyLines(await busyCustomer(demo))),
    ...(values.only === 'busy' ? [] : pageLines(await pageFigures(demo))),
    ...(values.only === 'runs' ? await listOfRuns(secret, demo) : []),
  ];
  const lines = await withDemo(secret, pages);
  if (!lines) say('  left out: they need a running `npm run demo`.');
  return lines ?? [];
}

/** Everything but the portal. */
async function withoutPortal(databaseUrl: string): Promise<Line[]> {
  const customers = await createCustomers(customerCount);
  const [first] = customers;
  if (!first) throw new Error('there is no customer to measure with');
  // The mirror first: afterwards the starts of the load wait in this database's outbox.
  const mirrored = await mirror(first);
  const loaded = await dataPlane(customers, await createVerifier());
  return [
    ...loaded,
    ...(await webhooks(databaseUrl)),
    ...(await ingest()),
    ...(await door()),
    ...(await traces()),
    ...(await agentLog()),
    ...mirrored,
  ];
}

async function ingest(): Promise<Line[]> {
  say('the ingest log …');
  const log = await logLines(seconds);
  say('the consumer of events …');
  const consumer = await consumerLines();
  say('the loader …');
  return [...log, ...consumer, ...(await loadingLines())];
}

async function door(): Promise<Line[]> {
  say('the door for events …');
  return doorLines(seconds);
}

async function traces(): Promise<Line[]> {
  say('the door for AI traces …');
  const door = await traceDoorLines(seconds);
  say('files of AI traces …');
  return [...door, ...(await traceFileLines())];
}

async function agentLog(): Promise<Line[]> {
  say('the door for events of agents …');
  const door = await agentDoorLines(seconds);
  say('reads of a million events of agents …');
  return [...door, ...(await agentReadLines())];
}

/** On a database of its own, which is gone afterwards. */
async function onOwnDatabase(
  variables: Record<string, string>,
  measure: (databaseUrl: string) => Promise<Line[]>,
): Promise<Line[]> {
  const database = await benchDatabase(variables.DATABASE_URL ?? '');
  Object.assign(process.env, variables, { DATABASE_URL: database.url, LOG_LEVEL: 'warn' });
  try {
    return await measure(database.url);
  } finally {
    await closeDb();
    await database.drop();
  }
}

/** A data plane of our own, and the demo's portal where one runs, whose database the events are deleted from. */
async function webhooks(databaseUrl: string): Promise<Line[]> {
  say('webhooks …');
  const demo = runningDemo();
  if (!demo) say('  without the portal: it needs a running `npm run demo`.');
  const [secret = ''] = env().STRIPE_WEBHOOK_SECRETS;
  const plane = await startChild('lib/edge/v1/main.ts', {});
  const servers: WebhookServer[] = [{ name: 'data plane', url: plane.url, databaseUrl }];
  if (demo) servers.push({ name: 'portal', url: demo.portal, databaseUrl: demo.databaseUrl });
  try {
    return await webhookLines(servers, secret, webhookSeconds);
  } finally {
    await plane.stop();
  }
}

const services = await runningServices();
say(`Measuring on the services of ${services.file}, ${seconds} s each.`);
const transform = !values.only || values.only === 'transform' ? transformLines() : [];
const parts: Record<string, () => Promise<Line[]>> = {
  'data-plane': async () => dataPlane(await createCustomers(customerCount), await createVerifier()),
  ingest,
  door,
  traces,
  'agent-log': agentLog,
};
const alone = values.only === undefined ? withoutPortal : parts[values.only];
const others = alone ? await onOwnDatabase(services.env, alone) : [];
Object.assign(process.env, services.env, { LOG_LEVEL: 'warn' });
const pages =
  values.only === 'transform' || (alone && values.only) ? [] : await portal(services.env.NEXTAUTH_SECRET ?? '');
const lines = [...transform, ...others, ...pages];
say(`\n${table(lines)}`);
const missed = lines.filter(line => !isMet(line));
say(missed.length === 0 ? '\nEvery budget is kept.' : `\n${missed.length} budgets are missed.`);
await closeDb();
if (values.strict && missed.length > 0) process.exitCode = 1;
// In a process of its own: this one has read the environment for the database that is gone.
if (!values.only && runningDemo()) {
  const strict = values.strict ? ['--strict'] : [];
  const [main = '', ...execArgv] = [process.argv[1], ...process.execArgv];
  const { status } = spawnSync(process.execPath, [...execArgv, main, '--only', 'runs', ...strict], {
    stdio: 'inherit',
  });
  if (status !== 0) process.exitCode = 1;
}
