/**
 * `npm run prove -- agent-log [--times N] [--within MINUTES]`: senders that send each batch more than once while data plane, worker,
 * BigQuery and Postgres are killed with -9 in turn; then each acknowledged event is there once, and the chain is whole.
 */
import { execFile } from 'node:child_process';
import { parseArgs, promisify } from 'node:util';
import { createCustomers } from '@/dev/bench/fixtures';
import { KeptJobs } from '@/dev/prove/agent-log/kept-jobs';
import { AgentSender } from '@/dev/prove/agent-log/sender';
import { kills } from '@/dev/prove/events/kills';
import { drained, landed, rowsIn } from '@/dev/prove/events/landed';
import { Stand } from '@/dev/prove/events/stand';
import { allHeld, check, say } from '@/dev/prove/report';
import { checkoutDir, nodeBinary, tsxArguments } from '@/dev/stack/paths';
import { runStatement } from '@/lib/platform/bigquery/bigquery';
import { closeDb } from '@/lib/platform/db';
import { agentDatasetOf, logsBigQuery } from '@/lib/warehouse/agent-dataset';

const { values } = parseArgs({
  args: process.argv.slice(3),
  options: { times: { type: 'string', default: '100' }, within: { type: 'string', default: '120' } },
});
const eventsPerSecond = 300;
const batch = 10;
const drainMs = 600_000;

/** What was acknowledged lies in chat_events once, and nothing twice. */
async function exactlyOnce(sender: AgentSender, dataset: string): Promise<void> {
  const { numbers, rows } = await landed(dataset, 'chat_events', 'event_id');
  const { acknowledged } = sender;
  const others = [...sender.others].map(([status, count]) => `${count} × ${status || 'no answer'}`).join(', ');
  say(`${sender.sent} events sent, ${acknowledged.size} acknowledged in ${sender.copies} answers to copies of batches`);
  say(`other answers: ${others || 'none'}; ${rows} rows in chat_events`);
  const lost = acknowledged.missingIn(numbers);
  check(acknowledged.size > 0 && lost === 0, `${lost} acknowledged events lost`);
  check(rows === numbers.size, `${rows - numbers.size} duplicates`);
}

/** The chain has each event once, by numbers without a gap. */
async function chained(dataset: string): Promise<void> {
  const sql = `SELECT COUNT(*) AS links, COUNT(DISTINCT sequence) AS numbers, COUNT(DISTINCT event_id) AS ids, MAX(sequence) AS last
    FROM \`${dataset}.chat_event_chain\``;
  const { rows } = await runStatement({ name: 'prove/agent-chain', sql }, logsBigQuery());
  const { links, numbers, ids, last } = rows[0] as Record<string, unknown>;
  const events = await rowsIn(dataset, 'chat_events');
  const each = [links, numbers, ids, last].map(Number);
  check(
    each.every(count => count === events),
    `${events} events, ${links} rows of the chain with ${numbers} numbers up to ${last} and ${ids} ids`,
  );
}

/** What an operator sees. */
async function verified(customerId: string): Promise<void> {
  const line = [...tsxArguments('lib/cli/main.ts'), 'agent-log', 'verify', '--customer', customerId];
  const ended = await promisify(execFile)(nodeBinary(), line, { cwd: checkoutDir }).then(
    ({ stdout }) => ({ code: 0, said: stdout }),
    (error: { code: number; stdout: string; stderr: string }) => ({
      code: error.code,
      said: `${error.stdout}${error.stderr}`,
    }),
  );
  for (const text of ended.said.trim().split('\n').slice(-5)) say(text);
  check(ended.code === 0, 'agent-log verify finds the log whole');
}

let jobs: KeptJobs | undefined;
const settings = { INGEST_LOG_KEEP_HOURS: '0', LOAD_INTERVAL_SECONDS: '2' };
const stand = await Stand.start('agent-log', settings, async ({ BIGQUERY_API_URL = '' }) => {
  jobs = new KeptJobs(BIGQUERY_API_URL);
  return { BIGQUERY_API_URL: await jobs.listen() };
});
for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.on(signal, () => stand.stop().finally(() => process.exit(1)));
try {
  console.log(
    `Parts killed with -9 ${values.times} times under ${eventsPerSecond} events/s, each batch sent twice or more`,
  );
  const [customer] = await createCustomers(1);
  if (!customer) throw new Error('no customer was made');
  const dataset = agentDatasetOf(customer.tenantDatasetId);
  const sender = new AgentSender({ url: stand.dataPlane, key: customer.key, eventsPerSecond, batch });
  await kills(stand, sender, Number(values.times), Number(values.within) * 60_000);
  const took = await drained(drainMs);
  say(`log and spool empty after ${(took / 1_000).toFixed(1)} s`);
  const { there = 0, lost = 0 } = jobs?.unheard ?? {};
  say(`loads under which BigQuery was killed: ${there} with their rows there, ${lost} without`);
  check(took < drainMs, 'what waits is brought to BigQuery by itself');
  await exactlyOnce(sender, dataset);
  await chained(dataset);
  await verified(customer.customerId);
} finally {
  await closeDb();
  jobs?.close();
  await stand.stop();
}
console.log(allHeld() ? 'Everything held.' : 'Something was broken.');
process.exit(allHeld() ? 0 : 1);
