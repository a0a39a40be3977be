/** Why a value is not in BigQuery, in a sentence, and what helps. Pure. */
import type { DiscardView } from '@/lib/domains/events/discards/list-discards';
import type { DiscardReason } from '@/lib/domains/events/discards/reasons';

type Said = Pick<DiscardView, 'value_type' | 'column_type' | 'allowed_at'>;

const sentences: Record<DiscardReason, (discard: Said) => string> = {
  type_conflict: ({ value_type, column_type }) =>
    `A ${value_type} does not fit the column, which is ${column_type ?? 'of another type'}. The table is too large to be written anew for it.`,
  column_budget: () => 'The table has as many columns as it may have.',
  column_burst: () => 'More new columns than usual came within an hour, as a faulty release makes them.',
  name_too_long: () => 'The name is longer than BigQuery takes.',
  reserved_name: () => 'The name is one that BigQuery or the table keeps for itself.',
};

/** One sentence of why. */
export const whyDiscarded = (reason: DiscardReason, discard: Said): string => sentences[reason](discard);
