/** How long the audit log is shown: what pages show and what the archive job takes follow from one setting. */
import { utcDay, utcMonth } from '@/lib/platform/clock';
import { env } from '@/lib/platform/env';

const dayMs = 86_400_000;

/** Days the audit log is shown; the page says this number. */
export const retentionDays = (): number => env().AUDIT_RETENTION_DAYS;

export type Retention = {
  /** Days that entries are shown. */
  days: number;
  /** Whether months beyond them leave for an archive; where none is set, they stay where they are and are not shown. */
  isArchived: boolean;
};

/** As this process is configured. */
export const retention = (): Retention => ({
  days: retentionDays(),
  isArchived: Boolean(env().AUDIT_ARCHIVE_URL),
});

/** What the audit log says of itself. */
export const shownSentence = ({ days, isArchived }: Retention): string =>
  `Entries are shown for ${days} days; older ones are ${isArchived ? 'archived' : 'kept, but not shown'}.`;

/** What stays of the log of an organization that is erased: a line of a list. */
export const stayingWords = ({ days, isArchived }: Retention): string =>
  isArchived ? `The audit log, for ${days} days and then in an archive` : 'The audit log';

/** First UTC day (yyyy-mm-dd) that is still shown; older entries are never shown, even before they are archived. */
export const firstKeptDay = (now: Date): string => utcDay(new Date(now.getTime() - retentionDays() * dayMs));

/** End of the months that may leave: the first day of the month that holds the first kept day. */
export const archivableBefore = (now: Date): Date =>
  new Date(`${utcMonth(new Date(`${firstKeptDay(now)}T00:00:00Z`))}T00:00:00Z`);
