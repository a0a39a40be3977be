/** For tests of the agent log: events as the door writes them, recorded and brought to BigQuery as the worker does. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { BigQuery } from '@google-cloud/bigquery';
import type { World } from '@/dev/testing/world';
import { instantText } from '@/lib/domains/agent-log/chain/times';
import { type ErasuresReport, eraseUsers } from '@/lib/domains/agent-log/erasure/carry-out';
import type { AgentEntryMeta, ChatEvent, RepoSnapshot } from '@/lib/domains/agent-log/events';
import { agentIngest } from '@/lib/domains/agent-log/ingest';
import { agentConsumer, processAgentLog } from '@/lib/domains/agent-log/process/agent-consumer';
import { bigquery, bigqueryRequest, runStatement } from '@/lib/platform/bigquery/bigquery';
import type { QueryParameters } from '@/lib/platform/bigquery/bigquery-values';
import { db } from '@/lib/platform/db';
import { newUuid } from '@/lib/platform/ids';
import { agentDatasetOf, logsBigQuery } from '@/lib/warehouse/agent-dataset';
import type { LoaderDeps } from '@/lib/warehouse/ingest/load/deps';
import { loadOnce } from '@/lib/warehouse/ingest/load/loader';
import type { Entry } from '@/lib/warehouse/ingest/log/log';
import { consumeOnce } from '@/lib/warehouse/ingest/spool/consume';
import { writeChunks } from '@/lib/warehouse/ingest/spool/write-chunks';

type Place = Pick<World, 'customerId' | 'tenantDatasetId'>;

/** An event of now: what somebody wrote, unless said otherwise. */
export const chatEvent = (given: Partial<ChatEvent> = {}): ChatEvent => ({
  event_id: newUuid(),
  event_timestamp: instantText(new Date()),
  session_id: 'session-1',
  user_id: 'ada@example.com',
  event_type: 'message_sent',
  content: { text: 'Which table is the largest?' },
  metadata: null,
  client_info: { user_agent: 'agent/1.0', locale: 'en' },
  ...given,
});

/** A call of a tool: its start, and its end a second later. */
export function toolCall(tool: string, given: Partial<ChatEvent> = {}, end: Record<string, string | number> = {}) {
  const call = { execution_id: newUuid(), tool_name: tool };
  const from = Date.now() - 1_000;
  return [
    chatEvent({ event_type: 'tool_start', event_timestamp: instantText(new Date(from)), ...given, metadata: call }),
    chatEvent({
      event_type: 'tool_end',
      event_timestamp: instantText(new Date(from + 1_000)),
      ...given,
      metadata: { ...call, status: 'success', bytes_billed: 10_485_760, ...end },
    }),
  ];
}

let position = 0;
/** An entry of the log as the door writes it. */
export function agentEntry(
  customerId: string,
  rows: readonly (ChatEvent | RepoSnapshot | string)[],
  kind: AgentEntryMeta['kind'] = 'events',
): Entry {
  position += 1;
  const appendedAt = new Date();
  const meta: AgentEntryMeta = { kind, receivedAt: appendedAt.toISOString(), keyId: 'key_test' };
  const body = rows.map(row => (typeof row === 'string' ? row : JSON.stringify(row))).join('\n');
  return { key: customerId, meta: JSON.stringify(meta), body, shard: 0, position, appendedAt };
}

/** Consumes the entries in a transaction of its own. */
export const consume = (entries: readonly Entry[], at?: Date): Promise<void> =>
  db().transaction(async tx => writeChunks(tx, await processAgentLog(tx, entries, at && (() => at))));

/** Loads what waits of these customers' agent logs. */
export const loadAgentLogs = (of: readonly Place[], deps: Partial<LoaderDeps> = {}) =>
  loadOnce(
    { bigquery: bigquery(), definitions: [agentIngest], ...deps },
    { datasets: of.map(({ tenantDatasetId }) => agentDatasetOf(tenantDatasetId)) },
  );

/** Records events of a customer and brings them to BigQuery. */
export async function recordAndLoad(world: Place, events: readonly ChatEvent[], at?: Date): Promise<void> {
  await consume([agentEntry(world.customerId, events)], at);
  const { failures } = await loadAgentLogs([world]);
  if (failures.length > 0) throw failures[0]?.error;
}

/** Carries out the erasures of a customer; entries of other tests that wait in the log are consumed first, as the worker does. */
export async function eraseNow({ customerId }: Place): Promise<ErasuresReport> {
  for (let round = 0; ; round++) {
    while ((await consumeOnce(agentConsumer)).entries > 0);
    const report = await eraseUsers({ customerId });
    if (report.waiting === 0 || round === 20) return report;
    await sleep(100);
  }
}

/** Rows of a statement in which `agent.<table>` names the customer's tables. */
export async function askAgentLog(
  { tenantDatasetId }: Pick<World, 'tenantDatasetId'>,
  sql: string,
  parameters: QueryParameters = {},
): Promise<Record<string, unknown>[]> {
  const dataset = agentDatasetOf(tenantDatasetId);
  const text = sql.replaceAll(/\bagent\.(\w+)/g, (_, table: string) => `\`${dataset}.${table}\``);
  return (await runStatement({ name: 'test/agent-log', sql: text, parameters }, logsBigQuery())).rows;
}

/** Drops the agent logs of a test's customers. */
export async function dropAgentLogs(worlds: readonly Place[], client: BigQuery = logsBigQuery()): Promise<void> {
  const drop = ({ tenantDatasetId }: Place) =>
    bigqueryRequest(client, {
      method: 'DELETE',
      uri: `/datasets/${agentDatasetOf(tenantDatasetId)}`,
      qs: { deleteContents: true },
    });
  await Promise.allSettled(worlds.map(drop));
}
