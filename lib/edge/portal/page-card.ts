/** Cards of a page: one that cannot load says so in its place while the rest stays, and old figures say how old they are. */
import { toAppError } from '@/lib/platform/errors';
import { log } from '@/lib/platform/log';

export type CardData<Data> =
  | { ok: true; data: Data }
  /** `reason` is one sentence for the visitor. */
  | { ok: false; reason: string };

/** What Next throws to redirect or to answer 404 must reach Next. */
const isControlFlow = (error: unknown): boolean => error instanceof Error && 'digest' in error;

/** The promise's answer, or why there is none. Only failures on our side become a card's; a refusal is the whole page's. */
export async function cardData<Data>(requestId: string, promise: Promise<Data>): Promise<CardData<Data>> {
  try {
    return { ok: true, data: await promise };
  } catch (error) {
    if (isControlFlow(error)) throw error;
    const failure = toAppError(error);
    if (failure.status < 500) throw error;
    log().error({ err: error, request_id: requestId, code: failure.code }, 'a card could not load');
    return { ok: false, reason: failure.message };
  }
}

export type Age = { readAt: Date; stale: boolean; pendingSince: Date | null };

export type Freshness =
  /** Everything shown is as it is in BigQuery, and nothing waits. */
  | { state: 'current' }
  /** Changes since `syncedAt` are not in the figures yet. */
  | { state: 'behind'; syncedAt: Date }
  /** BigQuery cannot be reached; the oldest of the figures was read at `readAt`. */
  | { state: 'stale'; readAt: Date };

const oldest = (instants: Date[]): Date | undefined =>
  instants.length > 0 ? new Date(Math.min(...instants.map(instant => instant.getTime()))) : undefined;

/** How old the figures of a page are: the worst of its answers decides. */
export function freshnessOf(ages: readonly Age[]): Freshness {
  const staleAt = oldest(ages.filter(age => age.stale).map(age => age.readAt));
  if (staleAt) return { state: 'stale', readAt: staleAt };
  const since = oldest(ages.flatMap(age => age.pendingSince ?? []));
  return since ? { state: 'behind', syncedAt: since } : { state: 'current' };
}
