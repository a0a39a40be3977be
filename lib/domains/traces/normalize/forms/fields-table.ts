/** The tables of docs/traces.md: what each field is, and where each form has it. */
import { documentForm } from '@/lib/domains/traces/normalize/forms/document-form';
import { type TraceField, type TraceForm, traceFields } from '@/lib/domains/traces/normalize/forms/fields';
import { litellmForm } from '@/lib/domains/traces/normalize/forms/litellm-form';
import { spanForm } from '@/lib/domains/traces/normalize/forms/span-form';

const sentences: Readonly<Record<TraceField, string>> = {
  session_id: 'The session, in its normal form.',
  session_of_user: "A user's name that may hold the session, as that of Claude Code does.",
  session_else: 'What stands for the session where none is named.',
  developer_id: 'The person or program that asked, as sent.',
  start: 'When the request began: ISO 8601, or seconds since 1970.',
  end: 'When it ended; `latency_ms` is the time between.',
  first_token: 'When a streamed answer began.',
  first_token_seconds: 'Seconds until a streamed answer began.',
  latency_ms: 'Milliseconds that it took.',
  model: 'The model that was asked for; with its provider in front it is the column.',
  provider: "The provider, by LiteLLM's name for it.",
  operation: "What was asked, by OpenTelemetry's word where it has one.",
  tokens_in: 'Tokens of the prompt.',
  tokens_out: 'Tokens of the answer.',
  cache_read_tokens: "Tokens of the prompt read from the provider's cache.",
  cache_write_tokens: "Tokens of the prompt written to the provider's cache, for 5 minutes and an hour together.",
  cache_write_1h_tokens: 'Those of them that were written for an hour.',
  reasoning_tokens: 'Tokens of the answer spent on reasoning.',
  status: 'Whether it succeeded: `success` is status 200.',
  status_code: 'HTTP status, 100 to 599.',
  accepted_flag: '1 or true where the suggestion was accepted.',
  accepted_lines: 'Lines of it that were accepted.',
  diff_ratio: 'Share of it that was changed, 0 to 1.',
  repo_slug: 'The repository; an address becomes owner/name.',
  repo_owner: 'Owner of a repository that is named without one.',
  branch: 'The branch.',
  team: 'The team, as the sender names it.',
  tags: 'Tags: 20 of 100 signs each.',
  trace_id: "Id of the sender's trace.",
  span_id: 'Id of the request in it.',
  reported_cost_usd: 'Dollars as the sender computed them; 0 counts only where it answered from its own cache.',
  from_cache: 'Whether the sender answered from a cache of its own.',
  is_stream: 'Whether the answer was streamed.',
  error_code: 'Why it failed, in the sender’s word.',
  error_status: 'A code of the failure that may be its HTTP status.',
  error_message: 'The message of the failure: at most 500 signs, secrets masked.',
};

const forms: readonly [title: string, form: TraceForm][] = [
  ['Fields of LiteLLM', litellmForm],
  ["Fields of the document's form", documentForm],
  ['Fields of spans', spanForm],
];

function tableOf([title, { places }]: readonly [string, TraceForm]): string {
  const rows = traceFields
    .filter(field => places[field].length > 0)
    .map(field => `| \`${field}\` | ${places[field].map(({ path }) => `\`${path}\``).join(', ')} |`);
  return [`#### ${title}`, '', '| Field | Where it stands, first to last |', '|---|---|', ...rows].join('\n');
}

/** Markdown: one table of the fields, then one a form with its places in order. */
export function fieldTables(): string {
  const meanings = traceFields.map(field => `| \`${field}\` | ${sentences[field]} |`);
  return [['| Field | What it is |', '|---|---|', ...meanings].join('\n'), ...forms.map(tableOf)].join('\n\n');
}
