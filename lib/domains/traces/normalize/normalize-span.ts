/** A span of OpenTelemetry that is a request to a model. Source: docs/traces.md, Fields of spans. */
import { finishRow } from '@/lib/domains/traces/normalize/finish-row';
import { spanForm } from '@/lib/domains/traces/normalize/forms/span-form';
import { isLikely } from '@/lib/domains/traces/normalize/instant';
import { isModelRequest } from '@/lib/domains/traces/normalize/is-model-request';
import { readIds, readRequest } from '@/lib/domains/traces/normalize/read-request';
import {
  addProblem,
  openRecord,
  type Reading,
  readAmount,
  readText,
  readWithin,
} from '@/lib/domains/traces/normalize/reading';
import { repoSlug } from '@/lib/domains/traces/normalize/repo-slug';
import { statusOf, statusRange } from '@/lib/domains/traces/normalize/status';
import { messageText, nameText } from '@/lib/domains/traces/normalize/text';
import type { Normalized, NormalizeFacts } from '@/lib/domains/traces/normalize/trace-row';
import type { OtlpSpan } from '@/lib/domains/traces/otlp/span';

const { places } = spanForm;
const error = 2;

/** Microseconds of a span's time, null where it has none. */
const microsOf = (ms: number): number | null => (ms === 0 ? null : Math.round(ms * 1_000));

function readTimes(reading: Reading, span: OtlpSpan): { start_us: number | null; latency_ms: number } {
  const [start, end] = [microsOf(span.startMs), microsOf(span.endMs)];
  if (start !== null && !isLikely(start)) addProblem(reading, 'not_a_time', 'startTimeUnixNano');
  if (start === null || end === null) return { start_us: start, latency_ms: 0 };
  if (end < start) addProblem(reading, 'negative', 'endTimeUnixNano');
  return { start_us: start, latency_ms: (end - start) / 1_000 };
}

/** What an instrumentation noted of the exception that ended the request. */
function exceptionOf({ events }: OtlpSpan, name: 'type' | 'message'): string | null {
  const value = events.findLast(event => event.name === 'exception')?.attributes[`exception.${name}`];
  return typeof value === 'string' ? value : null;
}

type Outcome = { status_code: number | null; error_code: string | null; error_message: string | null };

/** A span whose status was not set has succeeded, unless it names an error. */
function readOutcome(reading: Reading, span: OtlpSpan): Outcome {
  const status = readWithin(reading, places.status_code, statusRange);
  const named = readText(reading, places.error_code, nameText);
  if (span.status.code !== error && named === null) {
    return { status_code: status ?? 200, error_code: null, error_message: null };
  }
  // The conventions' word for an error without a name.
  const code = named ?? nameText(exceptionOf(span, 'type') ?? '') ?? '_OTHER';
  const message = readText(reading, places.error_message, messageText);
  return {
    status_code: status ?? statusOf(code),
    error_code: code,
    error_message: message ?? messageText(exceptionOf(span, 'message') ?? ''),
  };
}

function withOwner(reading: Reading, name: string | null): string | null {
  if (name === null || name.includes('/')) return name;
  const owner = readText(reading, places.repo_owner, nameText);
  return owner === null ? name : repoSlug(`${owner}/${name}`);
}

/** The row of a span, or what is wrong with it; null where it is no request to a model, as a tool's or an agent's. Never throws. */
export function normalizeSpan(span: OtlpSpan, facts: NormalizeFacts): Normalized | null {
  if (!isModelRequest(span)) return null;
  const reading = openRecord(spanForm, span);
  const request = readRequest(reading, spanForm);
  const firstChunk = readAmount(reading, places.first_token_seconds);
  return finishRow(
    reading,
    {
      ...request,
      ...readTimes(reading, span),
      ...readIds(reading, spanForm),
      ...readOutcome(reading, span),
      source: 'otlp',
      repo_slug: withOwner(reading, request.repo_slug),
      is_stream: request.is_stream || firstChunk !== null,
      first_token_ms: firstChunk === null ? null : Math.round(firstChunk * 1_000_000) / 1_000,
    },
    facts,
  );
}
