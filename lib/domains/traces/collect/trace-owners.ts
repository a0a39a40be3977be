/** Whose a trace is, as earlier requests told: exporters send a trace in several, and often only one of them names its session. Source: docs/traces.md, What is taken. */
import { sql } from 'drizzle-orm';
import { namesOfTraces, type SpanNames, type TraceNames } from '@/lib/domains/traces/collect/span-names';
import type { OtlpSpan } from '@/lib/domains/traces/otlp/span';
import { mostTraceOwners } from '@/lib/domains/traces/rules';
import { createBatcher } from '@/lib/kernel/batcher';
import { consume } from '@/lib/kernel/limits';
import { db } from '@/lib/platform/db';
import { isDatabaseDown } from '@/lib/platform/errors';
import { log } from '@/lib/platform/log';
import { processWide } from '@/lib/platform/process-wide';

type Told = { traceId: string; session: string | null; developer: string | null };
type Asked = { customerId: string; traces: readonly Told[]; at: Date };

/** Ids that OpenTelemetry calls valid. Others are not of one trace alone: programs that make no ids send zeros. */
const validId = /^(?!0{32})[\da-f]{32}$/;

/** Tellings of a customer that are taken, so that between two sweeps its rows are not many more than are kept. */
const tellings = { name: 'trace-owners', points: mostTraceOwners, seconds: 600 };

/** What a batch asks about each trace, once: of several tellings the first counts. */
function merged(batch: readonly Asked[]): { customerId: string; told: Told }[] {
  const all = new Map<string, { customerId: string; told: Told }>();
  for (const { customerId, traces } of batch) {
    for (const { traceId, session, developer } of traces) {
      const key = `${customerId}\n${traceId}`;
      const told = all.get(key)?.told;
      const first = { traceId, session: told?.session ?? session, developer: told?.developer ?? developer };
      all.set(key, { customerId, told: first });
    }
  }
  return [...all.values()];
}

type Row = { customer_id: string; trace_id: string; session_id: string | null; developer_id: string | null };

/**
 * One statement for requests that arrive together: notes what is new, answers what was known before. Rows are written in one
 * order, so that no two statements wait for each other, and only where they say more than is known.
 */
async function noteAndRead(batch: readonly Asked[]): Promise<TraceNames[]> {
  const asked = merged(batch);
  const at = batch[0]?.at ?? new Date();
  const list = (of: (one: (typeof asked)[number]) => string | null) => sql`${sql.param(asked.map(of))}::text[]`;
  const { rows } = await db().execute<Row>(sql`
    WITH told AS MATERIALIZED (
      SELECT told.customer_id, told.trace_id, told.session_id, told.developer_id,
        known.session_id AS known_session, known.developer_id AS known_developer
      FROM unnest(${list(one => one.customerId)}, ${list(one => one.told.traceId)}, ${list(one => one.told.session)}, ${list(one => one.told.developer)})
        AS told (customer_id, trace_id, session_id, developer_id)
      LEFT JOIN trace_owners AS known ON known.customer_id = told.customer_id AND known.trace_id = told.trace_id
    ), written AS (
      INSERT INTO trace_owners AS known (customer_id, trace_id, session_id, developer_id, told_at)
      SELECT customer_id, trace_id, session_id, developer_id, ${at.toISOString()}::timestamptz
      FROM told
      WHERE (session_id IS NOT NULL AND known_session IS NULL) OR (developer_id IS NOT NULL AND known_developer IS NULL)
      ORDER BY customer_id, trace_id
      ON CONFLICT (customer_id, trace_id) DO UPDATE SET
        session_id = coalesce(known.session_id, excluded.session_id),
        developer_id = coalesce(known.developer_id, excluded.developer_id)
    )
    SELECT customer_id, trace_id, known_session AS session_id, known_developer AS developer_id FROM told
    WHERE known_session IS NOT NULL OR known_developer IS NOT NULL`);
  const known = Map.groupBy(rows, row => row.customer_id);
  return batch.map(({ customerId }) => {
    const own = known.get(customerId) ?? [];
    return new Map(own.map(row => [row.trace_id, { session: row.session_id, developer: row.developer_id }]));
  });
}

const ask = () => processWide('trace-owners', () => createBatcher({ maxSize: 50, maxInFlight: 4, run: noteAndRead }));

/** Names nobody where it cannot be told, but for a database that is away: the sender then sends the same again. */
async function knownOf(asked: Asked): Promise<TraceNames> {
  try {
    return await ask()(asked);
  } catch (error) {
    if (isDatabaseDown(error)) throw error;
    log().warn({ err: error, customer: asked.customerId }, 'whose traces are could not be read');
    return new Map();
  }
}

const isNamed = ({ session, developer }: SpanNames): boolean => session !== null || developer !== null;

/**
 * The names of the traces of a request: those that its spans tell, else those that an earlier request told. What it tells is
 * remembered for a day. Throws what Postgres throws while it is away.
 */
export async function namesOfRequest(customerId: string, spans: readonly OtlpSpan[], at: Date): Promise<TraceNames> {
  const names = namesOfTraces(spans);
  const traces = [...names]
    .map(([traceId, own]) => ({ traceId, ...own }))
    .filter(({ traceId }) => validId.test(traceId));
  if (traces.length === 0) return names;
  const count = traces.filter(isNamed).length;
  const isTaken = count === 0 || (await consume(tellings, customerId, count)).allowed;
  const asked = isTaken ? traces : traces.map(({ traceId }) => ({ traceId, session: null, developer: null }));
  const known = await knownOf({ customerId, traces: asked, at });
  for (const { traceId, session, developer } of traces) {
    const earlier = known.get(traceId);
    if (earlier) names.set(traceId, { session: session ?? earlier.session, developer: developer ?? earlier.developer });
  }
  return names;
}
