/** A customer with a million events of agents over a year in BigQuery, brought there in bulk past the chain. */
import { eventsOfSession, sessionEvents, snapshotOf } from '@/dev/bench/agent-log/events';
import { type BenchCustomer, createCustomers } from '@/dev/bench/fixtures';
import { ensureAgentTables } from '@/lib/domains/agent-log/load/agent-tables';
import { bigqueryRequest } from '@/lib/platform/bigquery/bigquery';
import { runLoadJob } from '@/lib/platform/bigquery/load-job';
import { randomText } from '@/lib/platform/ids';
import { agentDatasetOf, logsBigQuery } from '@/lib/warehouse/agent-dataset';

export const eventCount = 1_000_000;
const days = 364;
const dayMs = 86_400_000;
const rowsPerLoad = 50_000;
const snapshots = 400;

export type Million = BenchCustomer & { dataset: string; lastSession: string; firstSession: string };

async function load(dataset: string, table: string, lines: readonly string[]): Promise<void> {
  const ndjson = lines.join('');
  await runLoadJob({ jobId: `bench_${randomText(16)}`, dataset, table, fields: null, ndjson }, logsBigQuery());
}

/** Makes the customer and loads its events, the oldest first. */
export async function millionEvents(): Promise<Million> {
  const [customer] = await createCustomers(1);
  if (!customer) throw new Error('no customer was made');
  const dataset = agentDatasetOf(customer.tenantDatasetId);
  await ensureAgentTables(logsBigQuery(), customer.customerId, dataset);
  const sessions = eventCount / eventsOfSession;
  const firstMs = Date.now() - days * dayMs;
  const apartMs = (days * dayMs - 3_600_000) / sessions;
  let lines: string[] = [];
  for (let number = 0; number < sessions; number++) {
    for (const event of sessionEvents(number, firstMs + number * apartMs)) lines.push(`${JSON.stringify(event)}\n`);
    if (lines.length < rowsPerLoad && number + 1 < sessions) continue;
    await load(dataset, 'chat_events', lines);
    lines = [];
  }
  const states = Array.from({ length: snapshots }, (_, number) => ({
    ...snapshotOf(number),
    indexed_at: new Date(firstMs + number * (days / snapshots) * dayMs).toISOString(),
    file_count: 100 + number,
    total_tokens: 10_000 * (1 + number),
    vector_index_path: `gs://indexes/${number}`,
  }));
  await load(
    dataset,
    'repo_snapshots',
    states.map(state => `${JSON.stringify(state)}\n`),
  );
  return { ...customer, dataset, firstSession: 'session-0', lastSession: `session-${sessions - 1}` };
}

/** Drops its dataset. */
export const dropMillion = ({ dataset }: Million): Promise<unknown> =>
  bigqueryRequest(logsBigQuery(), { method: 'DELETE', uri: `/datasets/${dataset}`, qs: { deleteContents: true } });
