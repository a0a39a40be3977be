/** Cards of a page: one that cannot load says so in its place while the rest stays, and old figures say how old they are. */
import { toAppError } from '@/lib/platform/errors';
import { log } from '@/lib/platform/log';
import { type InPlaceState, isInPlace, olderOf, type RowsAge } from '@/lib/warehouse/query/rows-age';

export type CardData<Data> =
  | { ok: true; data: Data }
  /** `reason` is one sentence for the visitor. */
  | { ok: false; reason: string };

/** What Next throws to redirect or to answer 404 must reach Next. */
const isControlFlow = (error: unknown): boolean => error instanceof Error && 'digest' in error;

/**
 * The promise's answer, or why there is none. Failures on our side become a card's, and that too much was asked for in
 * this minute; any other refusal is the whole page's.
 */
export async function cardData<Data>(requestId: string, promise: Promise<Data>): Promise<CardData<Data>> {
  try {
    return { ok: true, data: await promise };
  } catch (error) {
    if (isControlFlow(error)) throw error;
    const failure = toAppError(error);
    if (failure.status < 500 && failure.code !== 'rate_limited') throw error;
    if (failure.status >= 500)
      log().error({ err: error, request_id: requestId, code: failure.code }, 'a card could not load');
    return { ok: false, reason: failure.message };
  }
}

export type Freshness =
  /** Everything shown is as it is in BigQuery, and nothing waits. */
  | { state: 'current' }
  /** Changes since `asOf` may not be in the figures yet; they are on their way. */
  | { state: 'behind'; asOf: Date }
  /** BigQuery gave nothing newer, for the reason that the state names; the oldest of the figures was read at `readAt`. */
  | { state: InPlaceState; readAt: Date };

/** How old the figures of a page are: the worst of its answers decides. */
export function freshnessOf(ages: readonly RowsAge[]): Freshness {
  const [first, ...others] = ages;
  if (!first) return { state: 'current' };
  const { state } = others.reduce(olderOf, first);
  const oldest = (instants: Date[]) => new Date(Math.min(...instants.map(instant => instant.getTime())));
  if (isInPlace(state))
    return { state, readAt: oldest(ages.filter(age => age.state === state).map(age => age.readAt)) };
  const behind = ages.flatMap(age => [
    ...(age.state === 'refreshing' ? [age.readAt] : []),
    ...(age.pendingSince ? [age.pendingSince] : []),
  ]);
  return behind.length > 0 ? { state: 'behind', asOf: oldest(behind) } : { state: 'current' };
}

/** The same for the JSON of a list. */
export const freshnessBody = ({ state, readAt, pendingSince }: RowsAge) => ({
  read_at: readAt,
  freshness: state,
  stale: isInPlace(state),
  pending_since: pendingSince,
});
