/**
 * Rules of event collection: kinds of calls, sizes, names that are taken, months. Source: docs/spec/004-event-collection.md.
 */
import type { PlanName } from '@/lib/domains/subscriptions/rules';

/** Segment's calls; each has a table of its own, and `track` one more by event. */
export const callTypes = ['identify', 'track', 'page', 'screen', 'group', 'alias'] as const;
export type CallType = (typeof callTypes)[number];

/** The table that holds every call of a type. */
export const tableOfType: Record<CallType, string> = {
  identify: 'identifies',
  track: 'tracks',
  page: 'pages',
  screen: 'screens',
  group: 'groups',
  alias: 'aliases',
};
/** One row a user, the latest traits. */
export const usersTable = 'users';

/** Tables that no event may be named like; such an event gets `_` in front. */
export const fixedTables: readonly string[] = [...Object.values(tableOfType), usersTable];

/** Sizes of the wire format, in bytes and items. */
export const sizes = {
  eventBytes: 32 * 1_024,
  batchBytes: 500 * 1_024,
  batchItems: 2_500,
  messageIdSigns: 100,
} as const;

/** Events a month that a plan takes; not counted as API calls. */
export const eventsPerMonth: Record<PlanName, number> = {
  STARTER: 100_000,
  PROFESSIONAL: 1_000_000,
  SCALE: 10_000_000,
};
export const warnAtShare = 0.8;

/** Requests a second that a source takes unless it says otherwise, and the most it can be given. */
export const defaultRequestsPerSecond = 1_000;
export const maxRequestsPerSecond = 10_000;

/** Sources a customer may have. */
export const maxSources = 50;
/** Deleted ones included: the dataset's name of each is given away for good. */
export const maxSourcesEver = 1_000;
/** Write keys of a source that work at the same time. */
export const maxWriteKeys = 5;
export const maxOrigins = 20;

/** Hours a message id is known at the door, so that a call sent again is taken once. */
export const dedupHours = 24;

/** Names of track calls that are counted of a source and day, and what all others are counted as. */
export const maxCountedNames = 1_000;
export const otherEvents = '(other)';

/** Codes of what is wrong with a call or an item of a batch; the field stands beside each. */
export const callProblems = {
  not_an_object: 'Send an object.',
  unknown_type: 'type is one of identify, track, page, screen, group, alias.',
  user_missing: 'Send userId or anonymousId.',
  event_missing: 'A track call needs a non-empty event name.',
  group_missing: 'A group call needs groupId.',
  previous_missing: 'An alias call needs previousId and userId.',
  message_id_too_long: `messageId has fewer than ${sizes.messageIdSigns} signs.`,
  event_too_large: `An event has at most ${sizes.eventBytes} bytes.`,
  wrong_type: 'This field has the wrong type.',
  bad_time: 'This is no time in ISO 8601.',
  too_deep: 'Nested deeper than we take.',
  not_processed: 'This could not be processed; we were told of it.',
  not_text: 'This text has a NUL or half a character.',
} as const;
export type CallProblem = keyof typeof callProblems;

/** A problem of one item, as answers and receipts list it. */
export type ItemProblem = { code: CallProblem; field: string; message: string };

/** What became of an item at the door and in the transform. */
export const receiptOutcomes = ['ACCEPTED', 'REFUSED', 'DUPLICATE'] as const;
export type ReceiptOutcome = (typeof receiptOutcomes)[number];

/** Columns that every table has and no property overrides. Source: docs/spec/004-event-collection.md, Standard Columns. */
export const reservedColumns: readonly string[] = [
  'id',
  'anonymous_id',
  'user_id',
  'received_at',
  'sent_at',
  'timestamp',
  'original_timestamp',
  'uuid_ts',
  'loaded_at',
  'event',
  'event_text',
];
