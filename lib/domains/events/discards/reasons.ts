/** Why values are discarded, and what a person can do about each reason. Source: docs/architecture.md, Ingest. */
import type { discardReasons } from '@/lib/warehouse/ingest/tables';

export type DiscardReason = (typeof discardReasons)[number];

/** Those where a limit on new columns held the column back: a person may let it pass. */
export const heldByLimit: readonly DiscardReason[] = ['column_budget', 'column_burst'];

const heldWords: Record<DiscardReason, string> = {
  type_conflict: 'it is of another type, and the table is too large to be written anew.',
  column_budget: 'the table has as many columns as it may have. Allow the column first.',
  column_burst: 'too many new columns came within an hour. Allow the column first, or wait.',
  name_too_long: 'its name is longer than BigQuery takes.',
  reserved_name: 'its name is one that BigQuery or the table keeps for itself.',
};

/** Why a replay is not possible now, to follow a colon; what is no reason of ours is BigQuery's own words. */
export const whyHeld = (reason: string): string =>
  Object.hasOwn(heldWords, reason) ? heldWords[reason as DiscardReason] : reason;
