/** Lists, newest first, paged by starting_after, ending_before and limit. */
import { z } from 'zod';
import { missing, StripeError } from '@/dev/doubles/stripe/errors';
import { integer } from '@/dev/doubles/stripe/params';
import type { List } from '@/dev/doubles/stripe/wire';

/** Parameters that every list takes. */
export const paging = {
  limit: integer.optional(),
  starting_after: z.string().optional(),
  ending_before: z.string().optional(),
};

type Paging = z.output<z.ZodObject<typeof paging>>;

function indexOf<Item extends { id: string }>(items: Item[], id: string, param: string): number {
  const index = items.findIndex(item => item.id === id);
  if (index < 0) throw missing('object', id, param);
  return index;
}

/** One page of items that are kept in the order they were made. */
export function page<Item extends { id: string }>(items: Item[], url: string, params: Paging): List<Item> {
  const { limit = 10, starting_after: after, ending_before: before } = params;
  if (limit < 1 || limit > 100) {
    throw new StripeError(400, 'This value must be between 1 and 100 (inclusive).', { param: 'limit' });
  }
  if (after && before) throw new StripeError(400, 'Only one of starting_after and ending_before may be given.');
  const newest = items.toReversed();
  if (before) {
    const end = indexOf(newest, before, 'ending_before');
    const start = Math.max(0, end - limit);
    return { object: 'list', data: newest.slice(start, end), has_more: start > 0, url };
  }
  const start = after ? indexOf(newest, after, 'starting_after') + 1 : 0;
  return { object: 'list', data: newest.slice(start, start + limit), has_more: start + limit < newest.length, url };
}
