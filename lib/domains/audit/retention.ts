/** How long the audit log is kept: what pages show and what the archive job takes follow from one setting. */
import { utcDay, utcMonth } from '@/lib/platform/clock';
import { env } from '@/lib/platform/env';

const dayMs = 86_400_000;

/** Days the audit log is kept; the page says this number. */
export const retentionDays = (): number => env().AUDIT_RETENTION_DAYS;

/** First UTC day (yyyy-mm-dd) that is still shown; older entries are never shown, even before they are archived. */
export const firstKeptDay = (now: Date): string => utcDay(new Date(now.getTime() - retentionDays() * dayMs));

/** End of the months that may leave: the first day of the month that holds the first kept day. */
export const archivableBefore = (now: Date): Date =>
  new Date(`${utcMonth(new Date(`${firstKeptDay(now)}T00:00:00Z`))}T00:00:00Z`);
