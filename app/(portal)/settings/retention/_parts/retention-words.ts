/** Addresses and sentences of the pages of retention. Pure. */
import { formatDate } from '@/app/_ui/format';
import { firstKeptDay, type KeepDays, keptFor } from '@/lib/domains/traces/retention/retention-days';

export const retentionHref = '/settings/retention';

/** The question before rows are kept for fewer days. */
export const confirmHref = (days: number): string => `${retentionHref}/confirm?days=${days}`;

/** "Rows are kept for 90 days: today those since 29 Aug 2026." */
export function keptSentence(keepDays: KeepDays, now: Date): string {
  const kept = `Rows are kept ${keepDays === null ? '' : 'for '}${keptFor(keepDays)}`;
  return keepDays === null ? `${kept}.` : `${kept}: today those since ${formatDate(firstKeptDay(keepDays, now))}.`;
}
