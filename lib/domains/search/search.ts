/** Things of the organization by name or id, straight from Postgres, for the palette and the search page. */
import { and, desc, eq, isNull, or, type SQL, sql } from 'drizzle-orm';
import type { PgColumn, PgTable } from 'drizzle-orm/pg-core';
import { cloudCredentials } from '@/lib/domains/credentials/tables';
import { eventSources } from '@/lib/domains/events/tables';
import { apiKeys } from '@/lib/domains/keys/tables';
import { providerConfigs } from '@/lib/domains/providers/tables';
import { repositories } from '@/lib/domains/pull-requests/tables';
import { runs } from '@/lib/domains/runs/tables';
import { searchInput } from '@/lib/domains/search/input';
import { latestRuns, mostOfKind, type SearchedKind, searchedKinds } from '@/lib/domains/search/rules';
import { teamMembers } from '@/lib/domains/team/tables';
import { type CustomerCtx, may } from '@/lib/kernel/ctx';
import { consume } from '@/lib/kernel/limits';
import { defineOperation } from '@/lib/kernel/operation';
import { db } from '@/lib/platform/db';
import { AppError } from '@/lib/platform/errors';

export type Found = {
  kind: SearchedKind;
  id: string;
  name: string;
  /** What tells it from another of its name. */
  detail: string;
  /** For those told apart by it: a run's start. */
  at: Date | null;
};

type Searched = {
  table: PgTable;
  customer: PgColumn;
  id: PgColumn;
  name: PgColumn | SQL;
  detail: PgColumn | SQL;
  at?: PgColumn;
  /** Further columns in which the text may stand. */
  also?: (PgColumn | SQL)[];
  /** What is there to be found at all. */
  is?: SQL | undefined;
};

/** A run's id is looked for among all, as its key leads to it; pipelines are below. */
const searched: Record<Exclude<SearchedKind, 'run'>, Searched> = {
  key: {
    table: apiKeys,
    customer: apiKeys.customerId,
    id: apiKeys.apiKeyId,
    name: apiKeys.keyName,
    detail: sql<string>`${apiKeys.keyPrefix} || '…' || ${apiKeys.keyLast4}`,
    also: [apiKeys.keyPrefix],
  },
  member: {
    table: teamMembers,
    customer: teamMembers.customerId,
    id: teamMembers.memberId,
    name: sql<string>`coalesce(${teamMembers.fullName}, ${teamMembers.email})`,
    detail: teamMembers.email,
    also: [teamMembers.email],
    is: eq(teamMembers.status, 'ACTIVE'),
  },
  provider: {
    table: providerConfigs,
    customer: providerConfigs.customerId,
    id: providerConfigs.configId,
    name: providerConfigs.configName,
    detail: providerConfigs.pipelineId,
    also: [providerConfigs.pipelineId],
  },
  credential: {
    table: cloudCredentials,
    customer: cloudCredentials.customerId,
    id: cloudCredentials.credentialId,
    name: cloudCredentials.credentialName,
    detail: cloudCredentials.provider,
    is: eq(cloudCredentials.isActive, true),
  },
  source: {
    table: eventSources,
    customer: eventSources.customerId,
    id: eventSources.sourceId,
    name: eventSources.sourceName,
    detail: eventSources.dataset,
    also: [eventSources.dataset],
    is: isNull(eventSources.deletedAt),
  },
  repository: {
    table: repositories,
    customer: repositories.customerId,
    id: repositories.repositoryId,
    name: repositories.repoSlug,
    detail: sql<string>`'GitHub'`,
    is: eq(repositories.isActive, true),
  },
};

const holds = (column: PgColumn | SQL, q: string): SQL => sql`strpos(lower(${column}), ${q.toLowerCase()}) > 0`;

async function thingsOf(kind: Exclude<SearchedKind, 'run'>, customerId: string, q: string): Promise<Found[]> {
  const { table, customer, id, name, detail, also = [], is } = searched[kind];
  const matches = or(eq(id, q), ...[name, ...also].map(column => holds(column, q)));
  const rows = await db()
    .select({ id: sql<string>`${id}`, name: sql<string>`${name}`, detail: sql<string>`${detail}` })
    .from(table)
    .where(and(eq(customer, customerId), is, matches))
    .orderBy(sql`strpos(lower(${name}), ${q.toLowerCase()}) = 1 DESC`, sql`${name}`, id)
    .limit(mostOfKind);
  return rows.map(row => ({ kind, ...row, at: null }));
}

const uuid = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i;

const ofRun = {
  id: runs.pipelineLoggingId,
  name: runs.pipelineId,
  status: runs.status,
  at: runs.startTime,
  jobName: runs.jobName,
};

/** What an orchestrator calls its job is told where its pipeline has another name. */
const foundRun = (row: { id: string; name: string; status: string; at: Date; jobName: string | null }): Found => ({
  kind: 'run',
  id: row.id,
  name: row.name,
  detail: `${row.status.toLowerCase()}${row.jobName && row.jobName !== row.name ? `, job ${row.jobName}` : ''}`,
  at: row.at,
});

/** By the names of their pipelines and jobs, or by the ids that orchestrators gave them, where those are others than ours. */
async function latestRunsOf(customerId: string, q: string): Promise<Found[]> {
  const own = db()
    .select({ ...ofRun, orchestratorRunId: runs.orchestratorRunId })
    .from(runs)
    .where(eq(runs.customerId, customerId))
    .orderBy(desc(runs.startTime))
    .limit(latestRuns)
    .as('latest');
  const named = or(holds(sql`${own.name}`, q), holds(sql`coalesce(${own.jobName}, '')`, q));
  const rows = await db()
    .select()
    .from(own)
    .where(uuid.test(q) ? eq(own.orchestratorRunId, q) : named)
    .orderBy(desc(own.at))
    .limit(mostOfKind);
  return rows.map(foundRun);
}

async function runsOf(customerId: string, q: string): Promise<Found[]> {
  if (uuid.test(q)) {
    const own = and(eq(runs.customerId, customerId), eq(runs.pipelineLoggingId, q));
    const rows = await db().select(ofRun).from(runs).where(own);
    if (rows.length > 0) return rows.map(foundRun);
  }
  return latestRunsOf(customerId, q);
}

/** A palette asks as somebody types, which is a few times a second. */
const personRule = { name: 'search', points: 60, seconds: 10 };

async function takeSearch({ actor }: CustomerCtx): Promise<void> {
  const { allowed, resetSeconds } = await consume(personRule, actor.id);
  if (allowed) return;
  const message = `You searched more often than we take at once. Try again in ${resetSeconds} s.`;
  throw new AppError('rate_limited', message, { retryAfterSeconds: resetSeconds });
}

/**
 * What of the customer holds the text in its name or has it as its id, by kind; nothing for an empty text. What the caller's
 * role may not see is not looked for, and what is another customer's is not found. Throws AppError rate_limited.
 */
export const search = defineOperation({
  name: 'search.find',
  permission: 'organization:read',
  input: searchInput,
  run: async (ctx, { q }): Promise<{ found: Found[] }> => {
    if (q === '') return { found: [] };
    await takeSearch(ctx);
    const kinds = (Object.keys(searchedKinds) as SearchedKind[]).filter(kind => may(ctx, searchedKinds[kind]));
    const found = await Promise.all(
      kinds.map(kind => (kind === 'run' ? runsOf(ctx.customerId, q) : thingsOf(kind, ctx.customerId, q))),
    );
    return { found: found.flat() };
  },
});
