/** Cursors of lists: opaque text for callers, a typed position for us. */
import type { z } from 'zod';
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
