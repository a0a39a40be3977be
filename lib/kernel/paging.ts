/** Cursors of lists: opaque text for callers, a typed position for us; pages of what has an instant and an id. */
import { type AnyColumn, desc, type SQL, sql } from 'drizzle-orm';
import { z } from 'zod';
import { instantInput } from '@/lib/kernel/input';
import { AppError } from '@/lib/platform/errors';

/** Opaque text of a position. */
export const encodeCursor = (position: unknown): string => Buffer.from(JSON.stringify(position)).toString('base64url');

/** The position in a cursor, or AppError invalid_cursor. */
export function decodeCursor<Position extends z.ZodType>(schema: Position, cursor: string): z.output<Position> {
  try {
    return schema.parse(JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8')));
  } catch (error) {
    throw new AppError('invalid_cursor', 'The cursor is not valid. Start again without it.', {
      fields: [{ path: 'after', message: 'This cursor is not valid.' }],
      cause: error,
    });
  }
}

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
