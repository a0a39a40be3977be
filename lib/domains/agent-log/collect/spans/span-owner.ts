/** Whose a span is: the session and the user that it, or another span of the same trace, names. */
import { namesOfSpan, namesOfTraces, type TraceNames } from '@/lib/domains/traces/collect/span-names';
import { idText, nameText } from '@/lib/domains/traces/normalize/text';
import type { OtlpSpan } from '@/lib/domains/traces/otlp/span';

export type SpanOwner = { session: string; user: string };

const serviceOf = ({ resource }: OtlpSpan): string | null => {
  const name = resource['service.name'];
  return typeof name === 'string' ? nameText(name) : null;
};

/**
 * The owner of each span of a request, by the names that AI usage has of it; where its trace has none either, the trace is the
 * session, and the program the user.
 */
export function spanOwners(spans: readonly OtlpSpan[], traces: TraceNames = namesOfTraces(spans)): SpanOwner[] {
  return spans.map(span => {
    const own = namesOfSpan(span);
    const others = traces.get(span.traceId);
    return {
      session: own.session ?? others?.session ?? idText(span.traceId) ?? 'unknown',
      user: own.developer ?? others?.developer ?? serviceOf(span) ?? 'unknown',
    };
  });
}
