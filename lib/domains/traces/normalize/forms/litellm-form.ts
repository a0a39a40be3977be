/** Where LiteLLM's StandardLoggingPayload has what we look for. Source: docs/traces.md, Fields of LiteLLM. */
import { defineForm } from '@/lib/domains/traces/normalize/form';

const holders = [
  'metadata',
  'metadata.spend_logs_metadata',
  'metadata.requester_metadata',
  'metadata.usage_object',
  'metadata.usage_object.prompt_tokens_details',
  'metadata.usage_object.prompt_tokens_details.cache_creation_token_details',
  'metadata.usage_object.completion_tokens_details',
  'model_parameters',
  'hidden_params',
  'error_information',
];

/** Senders fill these as they like. */
const free = [
  'metadata.spend_logs_metadata',
  'metadata.requester_metadata',
  'model_parameters',
  'hidden_params',
  'error_information',
];

/** The two objects of a sender's own that LiteLLM passes on, the more particular one first. */
const own = (...names: string[]): string[] => [
  ...names.map(name => `metadata.spend_logs_metadata.${name}`),
  ...names.map(name => `metadata.requester_metadata.${name}`),
];

export const litellmForm = defineForm(holders, free, {
  session_id: ['session_id', ...own('session_id')],
  session_of_user: ['model_parameters.user', 'end_user', 'metadata.user_api_key_end_user_id'],
  session_else: ['trace_id'],
  developer_id: [
    ...own('developer_id', 'developer', 'user_email', 'user_id'),
    'request_tags.developer:',
    'request_tags.dev:',
    'request_tags.user:',
    'metadata.user_api_key_user_email',
    'metadata.user_api_key_user_id',
    'model_parameters.user',
    'end_user',
    'metadata.user_api_key_end_user_id',
    'metadata.user_api_key_alias',
  ],
  start: ['startTime'],
  end: ['endTime'],
  first_token: ['completionStartTime'],
  first_token_seconds: [],
  latency_ms: [],
  model: ['model', 'model_group'],
  provider: ['custom_llm_provider', 'error_information.llm_provider'],
  operation: ['call_type'],
  tokens_in: ['prompt_tokens', 'metadata.usage_object.prompt_tokens'],
  tokens_out: ['completion_tokens', 'metadata.usage_object.completion_tokens'],
  cache_read_tokens: [
    'metadata.usage_object.prompt_tokens_details.cached_tokens',
    'metadata.usage_object.cache_read_input_tokens',
  ],
  cache_write_tokens: [
    'metadata.usage_object.cache_creation_input_tokens',
    'metadata.usage_object.prompt_tokens_details.cache_creation_tokens',
    'metadata.usage_object.prompt_tokens_details.cache_write_tokens',
  ],
  cache_write_1h_tokens: [
    'metadata.usage_object.prompt_tokens_details.cache_creation_token_details.ephemeral_1h_input_tokens',
  ],
  reasoning_tokens: ['metadata.usage_object.completion_tokens_details.reasoning_tokens'],
  status: ['status'],
  status_code: [],
  accepted_flag: own('accepted_flag'),
  accepted_lines: own('accepted_lines'),
  diff_ratio: own('diff_ratio'),
  repo_slug: [...own('repo_slug', 'repo', 'repository'), 'request_tags.repo:', 'request_tags.repository:'],
  repo_owner: [],
  branch: [...own('branch', 'git_branch'), 'request_tags.branch:'],
  team: [
    ...own('team'),
    'metadata.user_api_key_team_alias',
    'metadata.team_alias',
    'metadata.user_api_key_project_alias',
    'metadata.user_api_key_team_id',
  ],
  tags: ['request_tags'],
  trace_id: ['trace_id'],
  span_id: ['litellm_call_id', 'id'],
  reported_cost_usd: ['response_cost'],
  from_cache: ['cache_hit'],
  is_stream: ['stream', 'model_parameters.stream'],
  error_code: ['error_information.error_class', 'error_information.error_code'],
  error_status: ['error_information.error_code'],
  error_message: ['error_information.error_message', 'error_str'],
});
