/** Whom the spans of one request name: the session and the developer of a span, and those of its trace. Source: docs/traces.md, What is taken. */
import { spanForm } from '@/lib/domains/traces/normalize/forms/span-form';
import { openRecord, readText } from '@/lib/domains/traces/normalize/reading';
import { developerId, sessionId, sessionOfUser } from '@/lib/domains/traces/normalize/session-id';
import type { TraceRow } from '@/lib/domains/traces/normalize/trace-row';
import type { OtlpSpan } from '@/lib/domains/traces/otlp/span';

export type SpanNames = { session: string | null; developer: string | null };

const { places } = spanForm;

/** What a span says of itself. */
export function namesOfSpan(span: OtlpSpan): SpanNames {
  const reading = openRecord(spanForm, span);
  const session =
    readText(reading, places.session_id, sessionId) ?? readText(reading, places.session_of_user, sessionOfUser);
  return { session, developer: readText(reading, places.developer_id, developerId) };
}

/** The session and the developer of each trace, by its id. */
export type TraceNames = ReadonlyMap<string, SpanNames>;

/** What is known of each trace: often the agent's own span alone names the conversation. The first span that names one counts. */
export function namesOfTraces(spans: readonly OtlpSpan[]): Map<string, SpanNames> {
  const traces = new Map<string, SpanNames>();
  for (const span of spans) {
    if (span.traceId === '') continue;
    const known = traces.get(span.traceId);
    if (known && known.session !== null && known.developer !== null) continue;
    const { session, developer } = namesOfSpan(span);
    traces.set(span.traceId, { session: known?.session ?? session, developer: known?.developer ?? developer });
  }
  return traces;
}

/**
 * Gives the row of a span the session and the developer of its trace where it names none itself. The hash stays: it must not depend
 * on what came in the same request, or a span sent again would be another row.
 */
export function nameByTrace(row: TraceRow, { traceId }: OtlpSpan, traces: TraceNames): TraceRow {
  const names = traces.get(traceId);
  row.session_id ??= names?.session ?? null;
  row.developer_id ??= names?.developer ?? null;
  return row;
}
