/** From which UTC day on rows are kept, and whether a choice keeps fewer of them than another. */
import { addDays, utcDay } from '@/lib/platform/clock';
import { env } from '@/lib/platform/env';

/** Days that rows are kept; null = for ever. */
export type KeepDays = number | null;

/** The first UTC day whose rows are kept on the day of `now`; those before it go in its night. */
export const firstKeptDay = (keepDays: number, now: Date): string => addDays(utcDay(now), -keepDays);

/** True where rows go that would stay otherwise. */
export const keepsFewer = (next: KeepDays, than: KeepDays): boolean => next !== null && (than === null || next < than);

/** "90 days", as people read it and type it to confirm; null = for ever. */
export const keptFor = (keepDays: KeepDays): string => (keepDays === null ? 'for ever' : `${keepDays} days`);

/** True where the operator has Parquet files archived; what is there is not removed with the rows. */
export const filesAreArchived = (): boolean => env().TRACE_ARCHIVE_URL !== undefined;
