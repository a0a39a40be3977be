/** Connected repositories as their customer reads them, with how much was read: from Postgres, which alone knows them. */
import { and, asc, count, eq, sql } from 'drizzle-orm';
import { repositoryInput } from '@/lib/domains/pull-requests/input';
import { readRepository } from '@/lib/domains/pull-requests/repositories/stored-repository';
import { type CountedRepository, viewOf } from '@/lib/domains/pull-requests/repositories/view';
import { commits, pullRequests, repositories } from '@/lib/domains/pull-requests/tables';
import { authorise } from '@/lib/kernel/command';
import { type Ctx, requireCustomer } from '@/lib/kernel/ctx';
import { db } from '@/lib/platform/db';
import { AppError } from '@/lib/platform/errors';

async function countsOf(customerId: string): Promise<Map<string, { pulls: number; commits: number }>> {
  const of = (table: typeof pullRequests | typeof commits) =>
    db()
      .select({ id: table.repositoryId, rows: count() })
      .from(table)
      .where(eq(table.customerId, customerId))
      .groupBy(table.repositoryId);
  const [pulls, changes] = await Promise.all([of(pullRequests), of(commits)]);
  const counts = new Map(pulls.map(({ id, rows }) => [id, { pulls: rows, commits: 0 }]));
  for (const { id, rows } of changes) counts.set(id, { pulls: counts.get(id)?.pulls ?? 0, commits: rows });
  return counts;
}

const counted = (row: Parameters<typeof viewOf>[0], counts: Awaited<ReturnType<typeof countsOf>>, now: Date) => {
  const { pulls = 0, commits: changes = 0 } = counts.get(row.repositoryId) ?? {};
  return { ...viewOf(row, now), pull_requests: pulls, commits: changes };
};

/** The caller's connected repositories by name. AppError forbidden, insufficient_scope. */
export async function listRepositories(ctx: Ctx): Promise<CountedRepository[]> {
  await authorise(ctx, 'pull-requests:read', 'repository.list');
  const { customerId } = requireCustomer(ctx);
  const active = and(eq(repositories.customerId, customerId), eq(repositories.isActive, true));
  const [rows, counts] = await Promise.all([
    db()
      .select()
      .from(repositories)
      .where(active)
      .orderBy(asc(sql`lower(${repositories.repoSlug})`)),
    countsOf(customerId),
  ]);
  return rows.map(row => counted(row, counts, ctx.clock()));
}

/** One repository of the caller, also one that was disconnected. AppError not_found, also for a foreign or malformed id. */
export async function findRepository(ctx: Ctx, id: string): Promise<CountedRepository> {
  await authorise(ctx, 'pull-requests:read', 'repository.read');
  if (!repositoryInput.safeParse({ repository_id: id }).success)
    throw new AppError('not_found', 'There is no such repository.');
  const row = await readRepository(ctx, id);
  return counted(row, await countsOf(row.customerId), ctx.clock());
}
