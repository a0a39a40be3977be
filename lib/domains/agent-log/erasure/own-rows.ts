/** Rows of a user who is to be erased that are not in BigQuery: on their way, or set aside because it refused them. */
import { and, eq } from 'drizzle-orm';
import { ownEventsSql } from '@/lib/domains/agent-log/erasure/erase-sql';
import { keptKeys } from '@/lib/domains/agent-log/erasure/erased-form';
import type { ChatEvent, JsonObject } from '@/lib/domains/agent-log/events';
import { agentIngest } from '@/lib/domains/agent-log/ingest';
import { type LogPlace, logRows } from '@/lib/domains/agent-log/verify/read-log';
import { firstWaiting } from '@/lib/domains/agent-log/verify/waiting-rows';
import { bigquery } from '@/lib/platform/bigquery/bigquery';
import type { QueryParameters } from '@/lib/platform/bigquery/bigquery-values';
import { db } from '@/lib/platform/db';
import { log } from '@/lib/platform/log';
import { agentDatasetOf } from '@/lib/warehouse/agent-dataset';
import { loadOnce } from '@/lib/warehouse/ingest/load/loader';
import { waitingLines } from '@/lib/warehouse/ingest/spool/chunks';
import { ingestDeadRows } from '@/lib/warehouse/ingest/tables';

type Erased = { userId: string; userRef: string };

/** Brings what waits of the customer's agent log now, which the loader would do within the hour. */
export async function bringRows({ tenantDatasetId }: LogPlace): Promise<void> {
  const datasets = [agentDatasetOf(tenantDatasetId)];
  const { failures } = await loadOnce({ bigquery: bigquery(), definitions: [agentIngest] }, { datasets });
  for (const { table, error } of failures) log().warn({ err: error, table }, 'rows of an agent log wait for a load');
}

/** Which of these events are the user's in the chain. */
async function ownOnes(place: LogPlace, { userRef }: Erased, ids: readonly string[]): Promise<Set<string>> {
  if (ids.length === 0) return new Set();
  const parameters: QueryParameters = {
    ids: { type: 'ARRAY<STRING>', value: [...ids] },
    user_ref: { type: 'STRING', value: userRef },
  };
  const sql = ownEventsSql(place.tenantDatasetId);
  const rows = await logRows(place, { name: 'agent-log/own-events', sql, parameters });
  return new Set(rows.map(row => String(row.event_id)));
}

/** Whether the chain up to the erasure and every event of the user before it are in BigQuery. */
export async function hasArrived(place: LogPlace, erased: Erased & { sequence: number }): Promise<boolean> {
  const waiting = await firstWaiting(place);
  if (waiting && waiting.sequence <= erased.sequence) return false;
  const ids: string[] = [];
  const target = { dataset: agentDatasetOf(place.tenantDatasetId), tableName: 'chat_events' };
  for await (const line of waitingLines(target)) {
    const event = JSON.parse(line) as ChatEvent;
    if (event.user_id === erased.userId) ids.push(event.event_id);
  }
  // Those recorded after the erasure are of somebody new.
  return (await ownOnes(place, erased, ids)).size === 0;
}

/** What is left of an event. */
const stripped = (event: ChatEvent, userRef: string): ChatEvent => {
  const kept = Object.entries(event.metadata ?? {}).filter(([key]) => (keptKeys as readonly string[]).includes(key));
  const metadata: JsonObject | null = event.metadata && Object.fromEntries(kept);
  return { ...event, user_id: userRef, content: null, client_info: null, metadata };
};

/** Takes the content out of rows that BigQuery refused. */
export async function stripSetAside(place: LogPlace, erased: Erased): Promise<void> {
  const dataset = agentDatasetOf(place.tenantDatasetId);
  const { deadRowId, row, tableName } = ingestDeadRows;
  const setAside = await db()
    .select({ deadRowId, row })
    .from(ingestDeadRows)
    .where(and(eq(ingestDeadRows.dataset, dataset), eq(tableName, 'chat_events')));
  const events = setAside
    .map(dead => ({ deadRowId: dead.deadRowId, event: JSON.parse(dead.row) as ChatEvent }))
    .filter(({ event }) => event.user_id === erased.userId);
  const own = await ownOnes(
    place,
    erased,
    events.map(({ event }) => event.event_id),
  );
  for (const { deadRowId: id, event } of events) {
    if (!own.has(event.event_id)) continue;
    const text = JSON.stringify(stripped(event, erased.userRef));
    await db().update(ingestDeadRows).set({ row: text }).where(eq(deadRowId, id));
  }
}
