/** Columns that every table spells alike. */
import { sql } from 'drizzle-orm';
import { customType, timestamp } from 'drizzle-orm/pg-core';

/** An instant with its zone, in milliseconds: JavaScript, Postgres and BigQuery then say the same one. */
export const instant = (name: string) => timestamp(name, { withTimezone: true, precision: 3 });

/** The default of an instant: when the row is written, not when its transaction began. */
export const now = sql`clock_timestamp()`;

/** Bytes as the driver gives them. */
export const bytes = customType<{ data: Buffer }>({ dataType: () => 'bytea' });
