/** What became of an event, as one word. Pure. */
import type { Status } from '@/app/_ui/status';
import type { ReceiptOutcome } from '@/lib/domains/events/rules';
import type { RowState } from '@/lib/domains/events/view';

type Known = {
  outcome: ReceiptOutcome;
  /** Names and values that were changed on the way. */
  notes: readonly unknown[];
  /** Its rows, where they are known. */
  rows?: readonly { state: RowState; discarded: readonly unknown[] }[];
};

/** The worst that happened: refused, then repeated, then what is missing from BigQuery, then what was changed. */
export function eventStatus({ outcome, notes, rows = [] }: Known): Status {
  if (outcome === 'REFUSED') return 'event_refused';
  if (outcome === 'DUPLICATE') return 'duplicate';
  if (rows.some(row => row.state === 'DEAD' || row.discarded.length > 0)) return 'discarded';
  return notes.length > 0 ? 'changed' : 'accepted';
}

export const rowStatus: Record<RowState, Status> = { WAITING: 'waiting', LOADED: 'loaded', DEAD: 'not_loaded' };
