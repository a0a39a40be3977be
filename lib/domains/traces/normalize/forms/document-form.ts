/** Where the document's own form has what we look for. Source: docs/traces.md, Fields of the document's form. */
import { defineForm } from '@/lib/domains/traces/normalize/form';

const holders = [
  'metadata',
  'attributes',
  'usage',
  'usage.prompt_tokens_details',
  'usage.input_tokens_details',
  'usage.cache_creation',
  'usage.completion_tokens_details',
  'usage.output_tokens_details',
];

const free = ['metadata', 'attributes'];

const anywhere = (...names: string[]): string[] => [
  ...names,
  ...names.map(name => `metadata.${name}`),
  ...names.map(name => `attributes.${name}`),
];

export const documentForm = defineForm(holders, free, {
  session_id: [...anywhere('session_id'), 'attributes.session.id', 'attributes.gen_ai.conversation.id'],
  session_of_user: ['metadata.user_id'],
  session_else: [],
  developer_id: [
    ...anywhere('developer_id'),
    'metadata.user_email',
    'metadata.user_id',
    'attributes.user.email',
    'attributes.user.id',
    'attributes.enduser.id',
  ],
  start: ['timestamp'],
  end: [],
  first_token: [],
  first_token_seconds: [],
  latency_ms: anywhere('latency_ms'),
  model: [
    'model',
    'attributes.model',
    'attributes.gen_ai.request.model',
    'attributes.gen_ai.response.model',
    'attributes.llm.model_name',
    'metadata.model',
  ],
  provider: [
    'provider',
    'attributes.provider',
    'attributes.gen_ai.provider.name',
    'attributes.gen_ai.system',
    'attributes.llm.provider',
    'metadata.provider',
  ],
  operation: [...anywhere('operation'), 'attributes.gen_ai.operation.name'],
  tokens_in: [
    'tokens_in',
    'usage.tokens_in',
    'usage.prompt_tokens',
    'usage.input_tokens',
    'attributes.gen_ai.usage.input_tokens',
    'attributes.gen_ai.usage.prompt_tokens',
    'attributes.llm.token_count.prompt',
  ],
  tokens_out: [
    'tokens_out',
    'usage.tokens_out',
    'usage.completion_tokens',
    'usage.output_tokens',
    'attributes.gen_ai.usage.output_tokens',
    'attributes.gen_ai.usage.completion_tokens',
    'attributes.llm.token_count.completion',
  ],
  cache_read_tokens: [
    'usage.prompt_tokens_details.cached_tokens',
    'usage.input_tokens_details.cached_tokens',
    'usage.cache_read_input_tokens',
  ],
  cache_write_tokens: ['usage.cache_creation_input_tokens', 'usage.prompt_tokens_details.cache_creation_tokens'],
  cache_write_1h_tokens: ['usage.cache_creation.ephemeral_1h_input_tokens'],
  reasoning_tokens: [
    'usage.completion_tokens_details.reasoning_tokens',
    'usage.output_tokens_details.reasoning_tokens',
  ],
  status: [],
  status_code: [...anywhere('status_code'), 'attributes.http.response.status_code'],
  accepted_flag: anywhere('accepted_flag'),
  accepted_lines: anywhere('accepted_lines'),
  diff_ratio: anywhere('diff_ratio'),
  repo_slug: [...anywhere('repo_slug', 'repo', 'repository'), 'attributes.vcs.repository.url.full'],
  repo_owner: [],
  branch: [...anywhere('branch'), 'attributes.vcs.ref.head.name'],
  team: anywhere('team'),
  tags: ['tags', 'metadata.tags'],
  trace_id: ['trace_id', 'metadata.trace_id'],
  span_id: ['span_id', 'metadata.span_id'],
  reported_cost_usd: ['response_cost'],
  from_cache: ['cache_hit'],
  is_stream: ['stream'],
  error_code: ['error_code', 'attributes.error.type'],
  error_status: [],
  error_message: ['error_message'],
});
