/** How old the rows of an answer are, and of several answers together. */

/** From best to worst. */
const rowsStates = [
  /** Nothing newer is in BigQuery. */
  'current',
  /** Something newer is; these rows of the last moments are refreshed behind the answer. */
  'refreshing',
  /** The customer has asked so much in this minute that these older rows must do. */
  'limited',
  /** BigQuery has not answered in time; these are older rows, and the question goes on behind them. */
  'slow',
  /** BigQuery could not be asked, or answers nobody; these are older rows. */
  'unavailable',
] as const;
export type RowsState = (typeof rowsStates)[number];

/** States of rows that are shown in place of newer ones, for the reason that the state names. */
export type InPlaceState = 'limited' | 'slow' | 'unavailable';
export const isInPlace = (state: RowsState): state is InPlaceState => state !== 'current' && state !== 'refreshing';

export type RowsAge = {
  state: RowsState;
  /** When BigQuery answered these rows. */
  readAt: Date;
  /** Since when a change to these tables waits for the mirror; null when none does. */
  pendingSince: Date | null;
};

const earlier = (a: Date, b: Date): Date => (a < b ? a : b);

/** The age of what two answers make together: the worse state, the earlier instants. */
export function olderOf(a: RowsAge, b: RowsAge): RowsAge {
  const { pendingSince: inA } = a;
  const { pendingSince: inB } = b;
  return {
    state: rowsStates.indexOf(a.state) > rowsStates.indexOf(b.state) ? a.state : b.state,
    readAt: earlier(a.readAt, b.readAt),
    pendingSince: inA && inB ? earlier(inA, inB) : (inA ?? inB),
  };
}
