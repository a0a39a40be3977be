/** Why values are discarded, and what a person can do about each reason. Source: docs/architecture.md, Ingest. */
import type { discardReasons } from '@/lib/warehouse/ingest/tables';

export type DiscardReason = (typeof discardReasons)[number];

/** Those where a limit on new columns held the column back: a person may let it pass. */
export const heldByLimit: readonly DiscardReason[] = ['column_budget', 'column_burst'];
