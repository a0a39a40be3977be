/** Reads the events of one session, and what the chain says of them. */
import type { ChainRow } from '@/lib/domains/agent-log/chain/hashes';
import { microsOf, microText } from '@/lib/domains/agent-log/chain/times';
import type { ChatEvent } from '@/lib/domains/agent-log/events';
import { aheadMs } from '@/lib/domains/agent-log/rules';
import {
  chainColumns,
  chainRowOf,
  eventColumns,
  eventOf,
  type LogPlace,
  logPages,
} from '@/lib/domains/agent-log/verify/read-log';
import { BigQueryUnavailableError } from '@/lib/platform/bigquery/bigquery';
import { AppError } from '@/lib/platform/errors';
import { agentTable } from '@/lib/warehouse/agent-dataset';

/** What one file holds. */
const most = { events: 20_000, signs: 64 * 1_048_576 };
/** Ids of one statement. */
const idsAtOnce = 5_000;
/** A session is found by its cluster, and the chain by days, so that this is seldom reached. */
const maximumBytesBilled = 20 * 1024 ** 3;

const tooLarge = () =>
  new AppError(
    'body_too_large',
    'This session is too long for one file: ask whoever runs the service to verify the log.',
  );

/** BigQuery being away is told as the pages tell it. */
async function* asked(...[place, statement]: Parameters<typeof logPages>) {
  try {
    yield* logPages(place, { maximumBytesBilled, ...statement });
  } catch (error) {
    if (!(error instanceof BigQueryUnavailableError)) throw error;
    const message = 'The session could not be read. Try again shortly.';
    throw new AppError('warehouse_unavailable', message, { retryAfterSeconds: 10, cause: error });
  }
}

const text = (value: string) => ({ type: 'STRING', value }) as const;

/** All events of the session in the order in which they happened. AppError body_too_large, warehouse_unavailable. */
export async function sessionEvents(place: LogPlace, sessionId: string): Promise<ChatEvent[]> {
  const sql = `SELECT ${eventColumns} FROM ${agentTable(place.tenantDatasetId, 'chat_events')} E
    WHERE E.session_id = @session_id ORDER BY E.event_timestamp, E.event_id LIMIT ${most.events + 1}`;
  const events: ChatEvent[] = [];
  let signs = 0;
  for await (const rows of asked(place, {
    name: 'agent-log/read-session',
    sql,
    parameters: { session_id: text(sessionId) },
  })) {
    for (const row of rows) {
      signs += [row.content, row.metadata, row.client_info].reduce<number>((sum, json) => sum + String(json).length, 0);
      if (signs > most.signs) throw tooLarge();
      events.push(eventOf(row));
    }
  }
  if (events.length > most.events) throw tooLarge();
  return events;
}

/** Rows of the chain that name these events. An event is recorded at the earliest when its clock is an hour ahead. */
export async function chainRowsOf(place: LogPlace, events: readonly ChatEvent[]): Promise<ChainRow[]> {
  const [earliest] = events;
  if (!earliest) return [];
  const lo = microText((microsOf(earliest.event_timestamp) ?? 0) - aheadMs * 1_000);
  const sql = `SELECT ${chainColumns} FROM ${agentTable(place.tenantDatasetId, 'chat_event_chain')}
    WHERE recorded_at >= TIMESTAMP(@lo) AND event_id IN UNNEST(@ids) ORDER BY sequence`;
  const rows: ChainRow[] = [];
  for (let at = 0; at < events.length; at += idsAtOnce) {
    const value = events.slice(at, at + idsAtOnce).map(event => event.event_id);
    const parameters = { lo: text(lo), ids: { type: 'ARRAY<STRING>' as const, value } };
    for await (const page of asked(place, { name: 'agent-log/read-places', sql, parameters }))
      rows.push(...page.map(chainRowOf));
  }
  return rows;
}
