/** Reads an agent log from BigQuery page by page, so that a log of any length takes little memory. */
import type { ChainRow } from '@/lib/domains/agent-log/chain/hashes';
import { microText } from '@/lib/domains/agent-log/chain/times';
import type { ChatEvent, JsonObject, JsonValue } from '@/lib/domains/agent-log/events';
import { BigQueryStatementError, type Statement, statementPages } from '@/lib/platform/bigquery/bigquery';
import type { QueryParameter, QueryParameters } from '@/lib/platform/bigquery/bigquery-values';
import { agentTable, logsBigQuery } from '@/lib/warehouse/agent-dataset';

export type LogPlace = { customerId: string; tenantDatasetId: string };
type Row = Record<string, unknown>;

/** Rows held at a time; of the service no more than fit a page of its own, 10 MB. */
const pageRows = 2_000;
const timeoutMs = 120_000;
/** Whoever reads a whole log bills it once; a cap so high stops only what is wrong. */
const maximumBytesBilled = 1024 ** 4;

type LogStatement = Pick<Statement, 'name' | 'sql' | 'parameters' | 'maximumBytesBilled'>;

/** The pages of a statement; none where the log has no tables yet. */
export async function* logPages({ customerId }: LogPlace, statement: LogStatement): AsyncGenerator<Row[]> {
  const whole = { maximumBytesBilled, ...statement, labels: { customer: customerId }, timeoutMs };
  try {
    yield* statementPages(whole, logsBigQuery(), pageRows);
  } catch (error) {
    if (!(error instanceof BigQueryStatementError && ['notFound', '404'].includes(error.reason))) throw error;
  }
}

/** All rows of a statement that answers few. */
export async function logRows(place: LogPlace, statement: LogStatement) {
  const rows: Row[] = [];
  for await (const page of logPages(place, statement)) rows.push(...page);
  return rows;
}

const timeOf = (micros: unknown): string | null => (micros === null ? null : microText(Number(micros)));
const jsonOf = (text: unknown): JsonValue => (text === null ? null : (JSON.parse(String(text)) as JsonValue));

/** Columns of the chain as chainRowOf reads them. */
export const chainColumns =
  'sequence, UNIX_MICROS(recorded_at) AS recorded_micros, kind, event_id, UNIX_MICROS(event_timestamp) AS event_micros, user_ref, content_hash, previous_hash, chain_hash';

export const chainRowOf = (row: Row): ChainRow => ({
  sequence: Number(row.sequence),
  recorded_at: timeOf(row.recorded_micros) ?? '',
  kind: row.kind as ChainRow['kind'],
  event_id: row.event_id as string | null,
  event_timestamp: timeOf(row.event_micros),
  user_ref: String(row.user_ref),
  content_hash: String(row.content_hash),
  previous_hash: String(row.previous_hash),
  chain_hash: String(row.chain_hash),
});

/** Columns of an event as eventOf reads them, of the table `E`. */
export const eventColumns =
  'E.event_id, UNIX_MICROS(E.event_timestamp) AS at_micros, E.session_id, E.user_id, E.event_type, TO_JSON_STRING(E.content) AS content, TO_JSON_STRING(E.metadata) AS metadata, TO_JSON_STRING(E.client_info) AS client_info';

export const eventOf = (row: Row): ChatEvent => ({
  event_id: String(row.event_id),
  event_timestamp: timeOf(row.at_micros) ?? '',
  session_id: String(row.session_id),
  user_id: String(row.user_id),
  event_type: row.event_type as ChatEvent['event_type'],
  content: jsonOf(row.content),
  metadata: jsonOf(row.metadata) as JsonObject | null,
  client_info: jsonOf(row.client_info) as JsonObject | null,
});

const whole = (value: number) => ({ type: 'INT64', value }) as const;
const list = (value: readonly string[]): QueryParameter => ({ type: 'ARRAY<STRING>', value: [...value] });

/** The rows of the chain from `first` to `last` in order. */
export async function* chainPages(place: LogPlace, first: number, last: number): AsyncGenerator<ChainRow[]> {
  const sql = `SELECT ${chainColumns} FROM ${agentTable(place.tenantDatasetId, 'chat_event_chain')}
    WHERE sequence BETWEEN @first AND @last ORDER BY sequence`;
  const parameters = { first: whole(first), last: whole(last) };
  for await (const rows of logPages(place, { name: 'agent-log/read-chain', sql, parameters }))
    yield rows.map(chainRowOf);
}

/** First and last number in the chain; null where it has no rows. */
export async function chainEnds(place: LogPlace): Promise<{ first: number; last: number } | null> {
  const sql = `SELECT MIN(sequence) AS first_one, MAX(sequence) AS last_one FROM ${agentTable(place.tenantDatasetId, 'chat_event_chain')}`;
  const [row] = await logRows(place, { name: 'agent-log/chain-ends', sql });
  return row?.first_one == null ? null : { first: Number(row.first_one), last: Number(row.last_one) };
}

/** What the chain says of an event, and a row of that event; null where it has none. */
export type ChainedEvent = Pick<ChainRow, 'sequence' | 'user_ref' | 'content_hash'> & {
  event_id: string;
  event_timestamp: string;
  event: ChatEvent | null;
};

const chainedEventOf = (row: Row): ChainedEvent => ({
  sequence: Number(row.sequence),
  user_ref: String(row.user_ref),
  content_hash: String(row.content_hash),
  event_id: String(row.chained_id),
  event_timestamp: timeOf(row.chained_micros) ?? '',
  event: row.event_id === null ? null : eventOf(row),
});

const chained = (tenantDatasetId: string, condition: string, onEvent = '') =>
  `SELECT C.sequence, C.user_ref, C.content_hash, C.event_id AS chained_id, UNIX_MICROS(C.event_timestamp) AS chained_micros, ${eventColumns}
    FROM ${agentTable(tenantDatasetId, 'chat_event_chain')} C
    LEFT JOIN ${agentTable(tenantDatasetId, 'chat_events')} E ON E.event_id = C.event_id ${onEvent}
    WHERE C.kind = 'event' AND ${condition}`;

/** The events of the rows from `first` to `last`, in any order; those of an id that came twice are crossed. `lo` and `hi` bound their times. */
export async function* eventPages(
  place: LogPlace,
  { first, last, lo, hi }: { first: number; last: number; lo: string; hi: string },
): AsyncGenerator<ChainedEvent[]> {
  const sql = chained(
    place.tenantDatasetId,
    'C.sequence BETWEEN @first AND @last',
    'AND E.event_timestamp BETWEEN TIMESTAMP(@lo) AND TIMESTAMP(@hi)',
  );
  const text = (value: string) => ({ type: 'STRING', value }) as const;
  const parameters = { first: whole(first), last: whole(last), lo: text(lo), hi: text(hi) };
  for await (const rows of logPages(place, { name: 'agent-log/read-events', sql, parameters }))
    yield rows.map(chainedEventOf);
}

/** As eventPages, of few events by their ids, wherever in time their rows are. */
export async function eventsAnew(place: LogPlace, eventIds: readonly string[]): Promise<ChainedEvent[]> {
  const sql = chained(place.tenantDatasetId, 'C.event_id IN UNNEST(@ids)');
  const parameters = { ids: list(eventIds) };
  return (await logRows(place, { name: 'agent-log/read-events-anew', sql, parameters })).map(chainedEventOf);
}

/** An event that has another number of rows than the chain knows of. */
export type Miscounted = { event_id: string; rows: number; known: number };

/** At most `limit` of them, or of those that are named; events without any row are not among them. */
export async function miscounted(
  place: LogPlace,
  limit: number,
  eventIds: readonly string[] | null = null,
): Promise<Miscounted[]> {
  const only = eventIds ? 'event_id IN UNNEST(@ids)' : 'TRUE';
  const sql = `WITH events AS (
      SELECT event_id, COUNT(*) AS row_count FROM ${agentTable(place.tenantDatasetId, 'chat_events')} WHERE ${only} GROUP BY event_id
    ), known AS (
      SELECT event_id, COUNT(*) AS row_count FROM ${agentTable(place.tenantDatasetId, 'chat_event_chain')}
      WHERE kind = 'event' AND ${only} GROUP BY event_id
    )
    SELECT events.event_id AS event_id, events.row_count AS row_count, COALESCE(known.row_count, 0) AS known_count
    FROM events LEFT JOIN known ON known.event_id = events.event_id
    WHERE events.row_count <> COALESCE(known.row_count, 0) ORDER BY event_id LIMIT ${limit}`;
  const parameters: QueryParameters = eventIds ? { ids: list(eventIds) } : {};
  const rows = await logRows(place, { name: 'agent-log/miscounted', sql, parameters });
  return rows.map(row => ({
    event_id: String(row.event_id),
    rows: Number(row.row_count),
    known: Number(row.known_count),
  }));
}
