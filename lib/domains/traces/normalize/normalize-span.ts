/** A span of OpenTelemetry that is a request to a model. Source: docs/traces.md, Fields of spans. */
import { finishRow, type ReadRequest } from '@/lib/domains/traces/normalize/finish-row';
import { spanForm } from '@/lib/domains/traces/normalize/forms/span-form';
import { isLikely } from '@/lib/domains/traces/normalize/instant';
import { isModelRequest } from '@/lib/domains/traces/normalize/is-model-request';
import { readRequest } from '@/lib/domains/traces/normalize/read-request';
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

function addTimes(reading: Reading, span: OtlpSpan, request: ReadRequest): void {
  const [start, end] = [microsOf(span.startMs), microsOf(span.endMs)];
  request.start_us = start;
  if (start !== null && !isLikely(start)) addProblem(reading, 'not_a_time', 'startTimeUnixNano');
  if (start === null || end === null) return;
  if (end < start) addProblem(reading, 'negative', 'endTimeUnixNano');
  request.latency_ms = (end - start) / 1_000;
}

/** What an instrumentation noted of the exception that ended the request. */
function exceptionOf({ events }: OtlpSpan, name: 'type' | 'message'): string | null {
  const value = events.findLast(event => event.name === 'exception')?.attributes[`exception.${name}`];
  return typeof value === 'string' ? value : null;
}

/** A span whose status was not set has succeeded, unless it names an error. */
function addOutcome(reading: Reading, span: OtlpSpan, request: ReadRequest): void {
  const status = readWithin(reading, places.status_code, statusRange);
  const named = readText(reading, places.error_code, nameText);
  if (span.status.code !== error && named === null) {
    request.status_code = status ?? 200;
    return;
  }
  // The conventions' word for an error without a name.
  const code = named ?? nameText(exceptionOf(span, 'type') ?? '') ?? '_OTHER';
  request.status_code = status ?? statusOf(code);
  request.error_code = code;
  const message = readText(reading, places.error_message, messageText);
  request.error_message = message ?? messageText(exceptionOf(span, 'message') ?? '');
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
  const request = readRequest(reading, spanForm, 'otlp');
  addTimes(reading, span, request);
  addOutcome(reading, span, request);
  request.repo_slug = withOwner(reading, request.repo_slug);
  const firstChunk = readAmount(reading, places.first_token_seconds);
  if (firstChunk !== null) {
    request.is_stream = true;
    request.first_token_ms = Math.round(firstChunk * 1_000_000) / 1_000;
  }
  return finishRow(reading, request, facts);
}
