/** What a used/limit pair means: thresholds compare counts, never rounded percents. */

/** refuse: the limit is what refuses new work now (runs); hold: reaching it breaks nothing (seats, providers). */
export type MeterKind = 'refuse' | 'hold';

export type MeterState = 'unmeasured' | 'unlimited' | 'ok' | 'warn' | 'full' | 'blocked' | 'over';

/** The word shown with each state; an empty one needs no word. */
export const meterWords: Record<MeterState, string> = {
  unmeasured: 'Not measured',
  unlimited: '',
  ok: '',
  warn: 'Near limit',
  full: 'Full',
  blocked: 'Limit reached',
  over: 'Over limit',
};

/** First warning at four fifths of the limit: runs 5/6, 20/25, 80/100; seats 5/6, 9/11; providers 8/10 (docs/ui.md, Tokens). */
export function meterState(used: number | null, limit: number | null, kind: MeterKind): MeterState {
  if (used === null) return 'unmeasured';
  if (limit === null) return 'unlimited';
  if (used > limit) return 'over';
  if (used === limit) return kind === 'refuse' ? 'blocked' : 'full';
  return used * 5 >= limit * 4 ? 'warn' : 'ok';
}
