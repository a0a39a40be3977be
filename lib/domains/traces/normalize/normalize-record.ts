/** Any record of a request to a model as JSON: told apart by its shape, then normalised. */
import { normalizeDocument } from '@/lib/domains/traces/normalize/normalize-document';
import { normalizeLitellm } from '@/lib/domains/traces/normalize/normalize-litellm';
import { isObject, type JsonObject } from '@/lib/domains/traces/normalize/reading';
import type { Normalized, NormalizeFacts } from '@/lib/domains/traces/normalize/trace-row';

/** Names that LiteLLM's records have and the document's have not. */
const isLitellm = (record: JsonObject): boolean =>
  record.startTime !== undefined ||
  record.litellm_call_id !== undefined ||
  record.call_type !== undefined ||
  record.custom_llm_provider !== undefined;

/** The row of a record of LiteLLM or in the document's form, or all that is wrong with it. Never throws. */
export function normalizeRecord(record: unknown, facts: NormalizeFacts): Normalized {
  if (!isObject(record)) return { problems: [{ code: 'not_an_object', field: '' }] };
  return isLitellm(record) ? normalizeLitellm(record, facts) : normalizeDocument(record, facts);
}
