/** Whose a span is: the session and the user that it, or another span of the same trace, names. */
import { spanForm } from '@/lib/domains/traces/normalize/forms/span-form';
import { openRecord, readText } from '@/lib/domains/traces/normalize/reading';
import { developerId, sessionId, sessionOfUser } from '@/lib/domains/traces/normalize/session-id';
import { idText, nameText } from '@/lib/domains/traces/normalize/text';
import type { OtlpSpan } from '@/lib/domains/traces/otlp/span';

export type SpanOwner = { session: string; user: string };
type Named = { session: string | null; user: string | null };

const { places } = spanForm;

function namedBy(span: OtlpSpan): Named {
  const reading = openRecord(spanForm, span);
  const session =
    readText(reading, places.session_id, sessionId) ?? readText(reading, places.session_of_user, sessionOfUser);
  return { session, user: readText(reading, places.developer_id, developerId) };
}

const serviceOf = ({ resource }: OtlpSpan): string | null => {
  const name = resource['service.name'];
  return typeof name === 'string' ? nameText(name) : null;
};

/**
 * The owner of each span of a request. Often only the agent's own span names the conversation, so the others of its trace follow
 * it; without any the trace is the session, and the program the user.
 */
export function spanOwners(spans: readonly OtlpSpan[]): SpanOwner[] {
  const named = spans.map(namedBy);
  const ofTrace = new Map<string, Named>();
  for (const [index, { traceId }] of spans.entries()) {
    const { session, user } = named[index]!;
    const known = ofTrace.get(traceId);
    if (traceId !== '') ofTrace.set(traceId, { session: known?.session ?? session, user: known?.user ?? user });
  }
  return spans.map((span, index) => {
    const own = named[index]!;
    const others = ofTrace.get(span.traceId);
    return {
      session: own.session ?? others?.session ?? idText(span.traceId) ?? 'unknown',
      user: own.user ?? others?.user ?? serviceOf(span) ?? 'unknown',
    };
  });
}
