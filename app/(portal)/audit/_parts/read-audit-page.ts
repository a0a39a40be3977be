/** Everything the audit log's page shows, read at once; a warehouse that is down becomes a card. */
import type { ListEntriesInput } from '@/lib/domains/audit/input';
import { type ActorRef, actorName, readNames, refsOf } from '@/lib/domains/audit/names';
import { listActors, listEntries } from '@/lib/domains/audit/queries';
import { type EntryView, viewOf } from '@/lib/domains/audit/view';
import type { Ctx } from '@/lib/kernel/ctx';
import { AppError } from '@/lib/platform/errors';

export type ActorOption = { value: string; label: string };
export type AuditRead =
  | {
      entries: EntryView[];
      nextCursor: string | null;
      readAt: Date;
      stale: boolean;
      pendingSince: Date | null;
      /** Who occurs in the log, for the filter. */
      actors: ActorOption[];
    }
  | { failed: AppError };

const optionValue = ({ actor_type, actor_id }: ActorRef): string =>
  actor_id ? `${actor_type}:${actor_id}` : actor_type;

async function read(ctx: Ctx, filter: ListEntriesInput): Promise<AuditRead> {
  const [page, actors] = await Promise.all([listEntries(ctx, filter), listActors(ctx)]);
  const names = await readNames(ctx, [...refsOf(page.entries), ...actors]);
  return {
    ...page,
    entries: page.entries.map(entry => viewOf(entry, names)),
    actors: actors.map(actor => ({ value: optionValue(actor), label: actorName(actor, names) })),
  };
}

/** One page of the log. A wrong cursor starts over; a warehouse that cannot be reached is answered as `failed`. */
export async function readAuditPage(ctx: Ctx, filter: ListEntriesInput): Promise<AuditRead> {
  try {
    return await read(ctx, filter);
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    if (error.code === 'invalid_cursor') return readAuditPage(ctx, { ...filter, after: undefined });
    if (error.code === 'warehouse_unavailable') return { failed: error };
    throw error;
  }
}
