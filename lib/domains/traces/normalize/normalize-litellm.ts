/** A record that LiteLLM's loggers send: its StandardLoggingPayload. Source: docs/traces.md, Fields of LiteLLM. */
import { finishRow, type ReadRequest } from '@/lib/domains/traces/normalize/finish-row';
import { litellmForm } from '@/lib/domains/traces/normalize/forms/litellm-form';
import { readRequest } from '@/lib/domains/traces/normalize/read-request';
import {
  addProblem,
  type JsonObject,
  openRecord,
  type Reading,
  readText,
  readTime,
} from '@/lib/domains/traces/normalize/reading';
import { statusOf } from '@/lib/domains/traces/normalize/status';
import { messageText, nameText } from '@/lib/domains/traces/normalize/text';
import type { Normalized, NormalizeFacts } from '@/lib/domains/traces/normalize/trace-row';

const { places } = litellmForm;

/** Milliseconds from the start to the time at `field`, null where one of them is missing. */
function sinceStart(reading: Reading, start: number | null, field: 'end' | 'first_token'): number | null {
  const end = readTime(reading, places[field]);
  if (start === null || end === null) return null;
  if (end < start) addProblem(reading, 'negative', places[field][0]!.path);
  return (end - start) / 1_000;
}

function addOutcome(reading: Reading, request: ReadRequest): void {
  const status = readText(reading, places.status, nameText);
  if (status === 'success') request.status_code = 200;
  if (status !== 'failure') return;
  const code = readText(reading, places.error_code, nameText);
  request.status_code = statusOf(readText(reading, places.error_status, nameText)) ?? statusOf(code);
  request.error_code = code ?? 'failure';
  request.error_message = readText(reading, places.error_message, messageText);
}

/** The row of LiteLLM's record, or what is wrong with it. Prompts and answers are not looked at. */
export function normalizeLitellm(record: JsonObject, facts: NormalizeFacts): Normalized {
  const reading = openRecord(litellmForm, record);
  const request = readRequest(reading, litellmForm, 'litellm');
  const { start_us: start, model } = request;
  request.latency_ms = sinceStart(reading, start, 'end') ?? 0;
  // Of an answer that is not streamed LiteLLM gives the end, or what a cached one had.
  if (request.is_stream) request.first_token_ms = sinceStart(reading, start, 'first_token');
  addOutcome(reading, request);
  if (model === null && request.tokens_in === 0 && request.tokens_out === 0) addProblem(reading, 'no_usage', '');
  return finishRow(reading, request, facts);
}
