/** Everything the audit log's page shows, read at once; a warehouse that is down becomes a card. */
import type { ListEntriesInput } from '@/lib/domains/audit/input';
import { type ActorRef, actorName, readNames, refsOf } from '@/lib/domains/audit/names';
import { listActors, listEntries } from '@/lib/domains/audit/queries';
import { type EntryView, viewOf } from '@/lib/domains/audit/view';
import { type CardData, cardData } from '@/lib/edge/portal/page-card';
import type { Ctx } from '@/lib/kernel/ctx';
import { AppError } from '@/lib/platform/errors';
import type { RowsAge } from '@/lib/warehouse/query/rows-age';

export type ActorOption = { value: string; label: string };
export type AuditRead = RowsAge & {
  entries: EntryView[];
  nextCursor: string | null;
  /** Who occurs in the log, for the filter. */
  actors: ActorOption[];
};

const optionValue = ({ actor_type, actor_id }: ActorRef): string =>
  actor_id ? `${actor_type}:${actor_id}` : actor_type;

/** People and keys are chosen one by one, the rest by kind; as sql/audit/list-actors.sql groups them. */
const grouped = ({ actor_type, actor_id }: ActorRef): ActorRef => ({
  actor_type,
  actor_id: ['user', 'person', 'api_key'].includes(actor_type) ? actor_id : '',
});

async function read(ctx: Ctx, filter: ListEntriesInput): Promise<AuditRead> {
  const [page, counted] = await Promise.all([listEntries(ctx, filter), listActors(ctx)]);
  // Who acted a moment ago is in the entries before BigQuery counts them.
  const actors = new Map([...counted, ...page.entries.map(grouped)].map(actor => [optionValue(actor), actor]));
  const names = await readNames(ctx, [...refsOf(page.entries), ...actors.values()]);
  return {
    ...page,
    entries: page.entries.map(entry => viewOf(entry, names)),
    actors: [...actors].map(([value, actor]) => ({ value, label: actorName(actor, names) })),
  };
}

/** One page of the log. A wrong cursor starts over; what cannot be loaded becomes a card. */
export async function readAuditPage(ctx: Ctx, filter: ListEntriesInput): Promise<CardData<AuditRead>> {
  try {
    return await cardData(ctx.requestId, read(ctx, filter));
  } catch (error) {
    if (error instanceof AppError && error.code === 'invalid_cursor')
      return readAuditPage(ctx, { ...filter, after: undefined });
    throw error;
  }
}
