/** What a user did, from the source's tables in BigQuery: as far back as these go, long after receipts are gone. */
import { z } from 'zod';
import { sourceId } from '@/lib/domains/events/input';
import { datasetOfSource } from '@/lib/domains/events/schema-reads/own-source';
import { isStorable } from '@/lib/kernel/input';
import { addDays } from '@/lib/platform/clock';
import { defineQuery } from '@/lib/warehouse/query/define-query';

/** Days that a question may ask of; each is a partition that BigQuery reads. */
export const historyLengths = [1, 7, 30, 90] as const;
/** Rows of an answer: who looks for more asks BigQuery itself. */
const mostRows = 200;

const wanted = z.strictObject({
  source_id: sourceId,
  /** User id or anonymous id, as a whole. */
  person: z.string().trim().min(1, 'Give a user id or an anonymous id.').max(200).refine(isStorable, 'This is no id.'),
  /** Days up to this one. */
  days: z.union(historyLengths.map(days => z.literal(days))).default(7),
  /** The last UTC day. */
  until: z.iso.date(),
});

const userEvent = z.strictObject({
  id: z.string(),
  event_text: z.string().nullable(),
  user_id: z.string().nullable(),
  anonymous_id: z.string().nullable(),
  happened_at: z.date().nullable(),
  received_at: z.date(),
});
export type UserEvent = z.output<typeof userEvent>;

const midnight = (day: string): Date => new Date(`${day}T00:00:00Z`);

/** Track calls of one user or visitor in the last days up to `until`, the newest first. AppError not_found, warehouse_unavailable. */
export const listUserEvents = defineQuery({
  name: 'event.list_of_user',
  permission: 'events:read',
  sql: 'events/list-user-events.sql',
  params: wanted,
  dataset: (ctx, { source_id }) => datasetOfSource(ctx, source_id),
  pageSize: () => mostRows,
  bind: ({ person, days, until }) => ({
    person: { type: 'STRING', value: person },
    from_time: { type: 'TIMESTAMP', value: midnight(addDays(until, 1 - days)) },
    until_time: { type: 'TIMESTAMP', value: midnight(addDays(until, 1)) },
  }),
  row: userEvent,
  withoutOverlay: 'Events are written by machines; what is on its way to BigQuery stands in the event tail.',
});
