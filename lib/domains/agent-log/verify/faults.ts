/** What a verification of an agent log finds wrong. */

/** Each fault with its sentence. */
export const faultKinds = {
  chain_row_missing: 'the row of the chain is missing',
  chain_row_twice: 'the chain has this row more than once',
  chain_row_changed: 'the row of the chain was changed: its hash is not that of its columns',
  chain_broken: 'the row does not follow the one before',
  time_went_back: 'the row was recorded before the one before it',
  beyond_head: 'the row comes after the end of the chain',
  head_differs: 'the last row is not the one at which the chain ends',
  checkpoint_forged: 'the checkpoint does not fit its seal',
  checkpoint_differs: 'the row is not the one that a checkpoint names',
  checkpoint_ahead: 'the chain ends before a row that a checkpoint names',
  event_missing: 'the row of the event is missing',
  event_changed: 'the row of the event was changed',
  event_twice: 'the event has more rows than the chain knows',
  event_unknown: 'the chain knows no such event',
  user_unknown: 'nothing is known of the event’s user, so its row cannot be checked',
  not_erased: 'the event’s user was erased, but more than tools and costs is left',
  erasure_unknown: 'no erasure on record is the one that the row names',
} as const;
export type FaultKind = keyof typeof faultKinds;

export type Fault = {
  kind: FaultKind;
  /** Number of the row of the chain; null where none is concerned. */
  sequence: number | null;
  /** Last number, where several rows in order are concerned. */
  to?: number;
  eventId: string | null;
  /** More of it, as the day of a checkpoint. */
  detail?: string;
};

/** Faults that are listed; the others are counted. */
export const mostFaults = 1_000;

export class Faults {
  readonly list: Fault[] = [];
  count = 0;

  add(kind: FaultKind, of: Partial<Omit<Fault, 'kind'>>): void {
    this.count++;
    if (this.list.length < mostFaults) this.list.push({ kind, sequence: null, eventId: null, ...of });
  }
}
