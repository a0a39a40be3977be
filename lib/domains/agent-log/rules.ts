/** Rules of the agent log: kinds of events, sizes, times, what is wrong with an event. Source: docs/spec/000-agent-log.md. */

/** Source: docs/spec/000-agent-log.md, chat_events. */
export const eventTypes = ['message_sent', 'tool_start', 'tool_end', 'error'] as const;
export type EventType = (typeof eventTypes)[number];

/** How a call of a tool ended. Source: docs/spec/000-agent-log.md, tool_executions. */
export const toolStatuses = ['success', 'failure'] as const;

/** Days that events are kept. Source: docs/spec/000-agent-log.md, Retention. */
export const retentionDays = 365;
/** How far ahead of our clock an event may be. */
export const aheadMs = 3_600_000;
/** Days for which an event that is sent again is known by its id. */
export const dedupDays = 30;

/** Most that is taken at once, in items, bytes and signs. */
export const agentSizes = {
  events: 1_000,
  snapshots: 200,
  /** JSON of `content` in UTF-8. */
  contentBytes: 256 * 1_024,
  /** JSON of `metadata`, and of `client_info`. */
  metadataBytes: 32 * 1_024,
  bodyBytes: 16 * 1_048_576,
  /** Of a body after it was decompressed. */
  plainBytes: 32 * 1_048_576,
  idSigns: 256,
  errorSigns: 2_000,
} as const;

/** Codes of what is wrong with an event or a snapshot, each with its sentence; the field stands beside it. */
export const agentProblems = {
  not_json: 'The line is not JSON.',
  not_an_object: 'An event is a JSON object.',
  missing: 'The field is required.',
  wrong_type: 'The field has another type than expected.',
  unknown_field: 'There is no such field; what is your own belongs into metadata.',
  unknown_event_type: 'event_type is message_sent, tool_start, tool_end or error.',
  not_uuid4: 'event_id is a UUID of version 4.',
  not_a_time: 'The time is not one that can be read: ISO 8601 with its offset, such as 2026-01-31T12:00:00Z.',
  ahead: 'The time is more than an hour ahead of ours.',
  too_old: 'The time is older than events are kept: 365 days.',
  too_long: 'The text is empty or too long.',
  too_large: 'content has at most 256 kB, metadata and client_info 32 kB each.',
  not_a_status: 'status is success or failure.',
  not_whole: 'The field is a whole number, at least 0.',
  negative: 'The field must not be negative.',
  not_a_commit: 'commit_hash has 40 or 64 hexadecimal digits.',
  not_storable: 'The field holds a character or a number that cannot be stored.',
  too_deep: 'The field is nested deeper than 100 levels.',
} as const;
export type AgentProblemCode = keyof typeof agentProblems;

/** What of a request is refused: the first problem of each item. */
export type RefusedItem = {
  /** 0 for the first event, snapshot or line. */
  index: number;
  code: AgentProblemCode;
  /** Path in the item; '' for the whole. */
  field: string;
};

/** What is masked before it is kept, where the customer chose nothing. */
export const defaultSettings = { maskSecrets: true, maskEmails: false, keepSpanContent: false } as const;

export const erasureStates = ['REQUESTED', 'DONE'] as const;

/** Calls below which a tool's failure rate and times say little, and are shown grey. */
export const fewCalls = 20;
