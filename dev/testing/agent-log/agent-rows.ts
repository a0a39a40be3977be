/** Events and snapshots of agents for tests of what is read of them: rows as the loader leaves them in the customer's agent dataset. */
import type { World } from '@/dev/testing/world';
import type { ChatEvent, RepoSnapshot } from '@/lib/domains/agent-log/events';
import { runLoadJob } from '@/lib/platform/bigquery/load-job';
import { db } from '@/lib/platform/db';
import { env } from '@/lib/platform/env';
import { newUuid, randomText } from '@/lib/platform/ids';
import { agentDatasetOf, logsBigQuery } from '@/lib/warehouse/agent-dataset';
import { raiseTableVersions } from '@/lib/warehouse/ingest/table-versions';
import { tables } from '@/lib/warehouse/rows/agent';
import { applySchemas } from '@/lib/warehouse/schemas/apply';

type Target = Pick<World, 'customerId' | 'tenantDatasetId'>;
type Rows = { chat_events?: readonly ChatEvent[]; repo_snapshots?: readonly RepoSnapshot[] };

/** A message of Mia in session-1, changed as told. */
export const chatEvent = ({ at, ...change }: Partial<ChatEvent> & { at: Date }): ChatEvent => ({
  event_id: newUuid(),
  event_timestamp: at.toISOString().replace('Z', '000Z'),
  session_id: 'session-1',
  user_id: 'mia@example.com',
  event_type: 'message_sent',
  content: null,
  metadata: null,
  client_info: null,
  ...change,
});

async function load(dataset: string, table: keyof Rows, rows: readonly object[]): Promise<void> {
  const fields = Object.entries(tables[table].columns).map(([name, { type }]) => ({ name, type }));
  const ndjson = rows.map(row => `${JSON.stringify(row)}\n`).join('');
  await runLoadJob({ jobId: `test_${randomText(16)}`, dataset, table, fields, ndjson }, logsBigQuery());
}

/** Puts the rows into the customer's agent log, past its chain. */
export async function insertAgentRows({ customerId, tenantDatasetId }: Target, rows: Rows): Promise<void> {
  const dataset = agentDatasetOf(tenantDatasetId);
  await applySchemas(logsBigQuery(), {
    dataset,
    folder: 'agent',
    location: env().BIGQUERY_LOCATION,
    additiveOnly: true,
  });
  for (const [table, of] of Object.entries(rows)) if (of.length > 0) await load(dataset, table as keyof Rows, of);
  const names = Object.keys(rows).map(table => `agent.${table}`);
  await db().transaction(tx => raiseTableVersions(tx, names, customerId));
}
