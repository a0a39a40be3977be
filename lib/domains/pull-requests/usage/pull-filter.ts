/** What the list of pull requests is narrowed by, and from which day on requests are read for it. */
import { and, eq, type SQL, sql } from 'drizzle-orm';
import { z } from 'zod';
import { identityTexts } from '@/lib/domains/pull-requests/people/known-identities';
import { pullRequestStates } from '@/lib/domains/pull-requests/rules';
import { type PullRequest, pullRequests as pulls } from '@/lib/domains/pull-requests/tables';
import { bindDays, maxUsageDays, type UsageDays, usageDayFields } from '@/lib/domains/traces/usage/usage-filter';
import { utcDayInput } from '@/lib/kernel/input';
import type { QueryParameters } from '@/lib/platform/bigquery/bigquery-values';
import { addDays, utcDay } from '@/lib/platform/clock';
import { db } from '@/lib/platform/db';

/** Days before a pull request was opened in which work on its branch counts; the SQL writes the same number. */
export const branchDaysBefore = 30;

/** Why changes on their way are not laid over rows of pull requests. */
export const syncWrites = 'The synchronisation with GitHub writes these rows; no person changes them.';

const name = z.string().trim().min(1).max(300).optional();
const nameFields = {
  state: z.enum(pullRequestStates).optional(),
  repository: name,
  /** Login; (none) where the account was deleted. */
  author: name,
  /** Part of the title, or a number, with # or without. */
  q: name,
};
/** Days are those of the merge or the closing; of the last change while a pull request is open. */
export const pullFilter = { ...nameFields, ...usageDayFields };

/** What every question binds: the names, the days, who is who, and from which day on requests are read. */
export const scopeFields = {
  ...nameFields,
  from: utcDayInput,
  to: utcDayInput,
  firstRequestDay: utcDayInput,
  identities: z.array(z.string()),
};
type Scope = z.output<z.ZodObject<typeof scopeFields>>;

const text = (value: string | undefined) => ({ type: 'STRING' as const, value: value ?? '' });

/** Parameters of `scopeFields`. */
export const bindScope = ({ state, repository, author, q, identities, firstRequestDay, ...days }: Scope) =>
  ({
    ...bindDays(days),
    first_request_day: { type: 'DATE', value: firstRequestDay },
    identities: { type: 'ARRAY<STRING>', value: identities },
    state: text(state),
    repository: text(repository),
    author: text(author),
    search: text(q),
  }) satisfies QueryParameters;

const endedAt = sql`coalesce(${pulls.mergedAt}, ${pulls.closedAt}, ${pulls.updatedAt})`;

async function firstOpened(customerId: string, of: SQL): Promise<string | null> {
  const [row] = await db()
    .select({ day: sql<string | null>`(min(${pulls.createdAt}) AT TIME ZONE 'UTC')::date::text` })
    .from(pulls)
    .where(and(eq(pulls.customerId, customerId), of));
  return row?.day ?? null;
}

/**
 * First UTC day whose requests can belong to pull requests that ended in these days: their branches may be older than they
 * are. BigQuery reads a partition a day, so it is never earlier than maxUsageDays before the last of them.
 */
export async function firstRequestDay(customerId: string, { from, to }: UsageDays): Promise<string> {
  const inDays = sql`${endedAt} >= ${`${from}T00:00:00Z`}::timestamptz AND ${endedAt} < ${`${addDays(to, 1)}T00:00:00Z`}::timestamptz`;
  const opened = (await firstOpened(customerId, inDays)) ?? from;
  return laterOf(addDays(opened, -branchDaysBefore), addDays(to, 1 - maxUsageDays));
}

/** First and last UTC day whose requests can belong to the one pull request. */
export function requestDaysOf(
  { createdAt, updatedAt, closedAt, mergedAt, state }: PullRequest,
  today: string,
): UsageDays {
  const to = state === 'open' ? today : utcDay(mergedAt ?? closedAt ?? updatedAt);
  return { from: laterOf(addDays(utcDay(createdAt), -branchDaysBefore), addDays(to, 1 - maxUsageDays)), to };
}

const laterOf = (one: string, other: string): string => (one > other ? one : other);

/** What every question about these days needs beside the names asked for. */
export async function readScope(customerId: string, days: UsageDays) {
  const [first, identities] = await Promise.all([firstRequestDay(customerId, days), identityTexts(customerId)]);
  return { ...days, firstRequestDay: first, identities };
}
