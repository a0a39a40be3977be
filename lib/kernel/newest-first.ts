/** Pages of what has an instant and an id, the newest first. */
import { type AnyColumn, desc, type SQL, sql } from 'drizzle-orm';
import { z } from 'zod';
import { instantInput } from '@/lib/kernel/input';
import { decodeCursor, encodeCursor } from '@/lib/kernel/paging';

const position = z.strictObject({ at: instantInput, id: z.string().regex(/^[\w:.-]{1,100}$/) });

/** The columns by which rows are ordered. */
export type Order = { at: AnyColumn; id: AnyColumn };

/** What a page of `limit` asks of the table: `where` follows the cursor. AppError invalid_cursor. */
export function newestFirst({ at, id }: Order, cursor: string | undefined): { where: SQL | undefined; orderBy: SQL[] } {
  const after = cursor === undefined ? null : decodeCursor(position, cursor);
  return {
    where: after ? sql`(${at}, ${id}) < (${after.at}::timestamptz, ${after.id})` : undefined,
    orderBy: [desc(at), desc(id)],
  };
}

/** Cuts what was found (one more than `limit`, to know whether there is more) to a page and names the next one. */
export function pageOf<Row>(
  found: readonly Row[],
  limit: number,
  positionOf: (row: Row) => { at: Date; id: string },
): { rows: Row[]; nextCursor: string | null } {
  const rows = found.slice(0, limit);
  const last = found.length > limit ? rows.at(-1) : undefined;
  if (!last) return { rows, nextCursor: null };
  const { at, id } = positionOf(last);
  return { rows, nextCursor: encodeCursor({ at: at.toISOString(), id }) };
}
