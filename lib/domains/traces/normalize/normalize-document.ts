/** A record in the form of the document of AI traces. Source: docs/spec/001-ai-traces.md, Field Population Rules; docs/traces.md. */
import { finishRow } from '@/lib/domains/traces/normalize/finish-row';
import { documentForm } from '@/lib/domains/traces/normalize/forms/document-form';
import { readRequest } from '@/lib/domains/traces/normalize/read-request';
import {
  isObject,
  type JsonObject,
  openRecord,
  readDuration,
  readText,
  readWithin,
} from '@/lib/domains/traces/normalize/reading';
import { statusRange } from '@/lib/domains/traces/normalize/status';
import { messageText, nameText } from '@/lib/domains/traces/normalize/text';
import type { Normalized, NormalizeFacts } from '@/lib/domains/traces/normalize/trace-row';

const { places, holders } = documentForm;

const knownNames = new Set(
  [
    ...holders.map(holder => holder.path),
    ...Object.values(places).flatMap(list => list.map(place => place.path)),
  ].filter(path => path !== '' && !path.includes('.')),
);

/** Whether a record has anything of the form; the empty one has, as its fields all have defaults. */
function isOfForm(record: JsonObject): boolean {
  let isEmpty = true;
  for (const name in record) {
    if (knownNames.has(name)) return true;
    isEmpty = false;
  }
  return isEmpty;
}

/** Anthropic's own usage, where `input_tokens` leaves out what is cached. */
function leavesOutCached(record: JsonObject): boolean {
  const { usage } = record;
  if (!isObject(usage) || (record.tokens_in ?? usage.tokens_in ?? usage.prompt_tokens ?? null) !== null) return false;
  return !isObject(usage.input_tokens_details) && typeof usage.input_tokens === 'number';
}

/** The row of a record in the document's form, or what is wrong with it. */
export function normalizeDocument(record: JsonObject, facts: NormalizeFacts): Normalized {
  if (!isOfForm(record)) return { problems: [{ code: 'no_usage', field: '' }] };
  const reading = openRecord(documentForm, record);
  const request = readRequest(reading, documentForm, 'document');
  if (leavesOutCached(record)) request.tokens_in += request.cache_read_tokens + request.all_cache_write_tokens;
  request.latency_ms = readDuration(reading, places.latency_ms) ?? 0;
  request.status_code = readWithin(reading, places.status_code, statusRange);
  request.error_code = readText(reading, places.error_code, nameText);
  request.error_message = readText(reading, places.error_message, messageText);
  return finishRow(reading, request, facts);
}
