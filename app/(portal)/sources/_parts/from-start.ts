/** A list read from the place its address names, or from its start where that is no place of it. */
import { AppError } from '@/lib/platform/errors';

export async function fromStart<Page>(
  cursor: string | undefined,
  read: (after: string | undefined) => Promise<Page>,
): Promise<Page> {
  try {
    return await read(cursor);
  } catch (error) {
    const isWrong = error instanceof AppError && (error.code === 'invalid_cursor' || error.code === 'invalid_input');
    if (isWrong && cursor !== undefined) return read(undefined);
    throw error;
  }
}
