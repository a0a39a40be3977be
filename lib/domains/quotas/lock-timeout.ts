/** A customer's counter held too long by another transaction: the caller may try again, nothing was written. */
import { AppError, isLockTimeout } from '@/lib/platform/errors';

/** Rethrows, with a lock time-out as database_unavailable (503 with Retry-After). */
export function asAppError(error: unknown): never {
  if (isLockTimeout(error))
    throw new AppError('database_unavailable', 'The quota is being changed. Try again shortly.', {
      retryAfterSeconds: 2,
      cause: error,
    });
  throw error;
}
