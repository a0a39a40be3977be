/** Whose write key it is, as the door needs to know it, and whether it may send. */
import type { DoorSource } from '@/lib/domains/events/sources/source-of-write-key';
import { AppError } from '@/lib/platform/errors';

export type Sender = DoorSource;

/** Throws AppError source_disabled. */
export function requireEnabled({ isEnabled }: Sender): void {
  if (!isEnabled) throw new AppError('source_disabled', 'This event source is switched off.');
}

/** Throws AppError bad_origin for a page that the source does not list; what comes from no page has no origin. */
export function requireOrigin({ allowedOrigins }: Sender, origin: string | null): void {
  if (origin === null || allowedOrigins.length === 0 || allowedOrigins.includes(origin.toLowerCase())) return;
  throw new AppError('bad_origin', 'This event source takes no calls from pages of this origin.');
}
