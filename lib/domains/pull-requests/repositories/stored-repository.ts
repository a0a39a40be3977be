/** What the commands of repositories share: finding a caller's repository, the credential it may use, and writing a change. */
import { and, eq, sql } from 'drizzle-orm';
import { cloudCredentials } from '@/lib/domains/credentials/tables';
import { type RepositoryView, viewOf } from '@/lib/domains/pull-requests/repositories/view';
import { type Repository, repositories } from '@/lib/domains/pull-requests/tables';
import type { Change } from '@/lib/kernel/command';
import { type Ctx, requireCustomer } from '@/lib/kernel/ctx';
import { invalidInput } from '@/lib/kernel/input';
import { type Db, db, type Tx } from '@/lib/platform/db';
import { AppError } from '@/lib/platform/errors';

const noSuchRepository = (): AppError => new AppError('not_found', 'There is no such repository.');

const mine = (ctx: Ctx, repositoryId: string) =>
  and(eq(repositories.customerId, requireCustomer(ctx).customerId), eq(repositories.repositoryId, repositoryId));

/** The caller's own repository, connected or not. AppError not_found, also for a foreign id. */
export async function readRepository(ctx: Ctx, repositoryId: string, store: Db | Tx = db()): Promise<Repository> {
  const [row] = await store.select().from(repositories).where(mine(ctx, repositoryId));
  if (!row) throw noSuchRepository();
  return row;
}

/** As readRepository, held until `tx` ends. AppError not_found also for one that was disconnected. */
export async function lockRepository(tx: Tx, ctx: Ctx, repositoryId: string): Promise<Repository> {
  const [row] = await tx.select().from(repositories).where(mine(ctx, repositoryId)).for('update');
  if (!row?.isActive) throw noSuchRepository();
  return row;
}

/** The customer's repository of this name, connected or not: the connected one before those that were. */
export async function findBySlug(store: Db | Tx, customerId: string, slug: string): Promise<Repository | undefined> {
  const [row] = await store
    .select()
    .from(repositories)
    .where(and(eq(repositories.customerId, customerId), sql`lower(${repositories.repoSlug}) = lower(${slug})`))
    .orderBy(sql`${repositories.isActive} DESC, ${repositories.updatedAt} DESC`)
    .limit(1);
  return row;
}

/** The credential stays undeleted until `tx` ends. AppError not_found for a foreign or deleted one, invalid_input for another kind. */
export async function requireGithubToken(tx: Tx, ctx: Ctx, credentialId: string): Promise<void> {
  const { customerId, credentialId: id, kind, isActive } = cloudCredentials;
  const own = and(eq(customerId, requireCustomer(ctx).customerId), eq(id, credentialId));
  const [found] = await tx.select({ kind, isActive }).from(cloudCredentials).where(own).for('share');
  if (!found?.isActive) throw new AppError('not_found', 'There is no such credential.');
  if (found.kind !== 'github_token')
    throw invalidInput([{ path: 'credential_id', message: 'This credential is no token of GitHub.' }]);
}

/** Columns of a repository that is to be read at once, whatever came of it before. */
export const readNow = (now: Date) => ({
  state: 'WAITING' as const,
  problem: null,
  problemDetail: null,
  failures: 0,
  nextSyncAt: now,
});

/** Writes changed columns of a locked repository; answers the change as command and audit need it. */
export async function changeRepository(
  tx: Tx,
  ctx: Ctx,
  row: Repository,
  columns: Partial<Repository>,
): Promise<Change<RepositoryView>> {
  const now = ctx.clock();
  const [changed] = await tx
    .update(repositories)
    .set({ ...columns, updatedAt: now })
    .where(eq(repositories.repositoryId, row.repositoryId))
    .returning();
  if (!changed) throw new Error('the repository went away under its lock');
  const result = viewOf(changed, now);
  const target = { type: 'repository', id: row.repositoryId };
  return { result, target, before: auditedView(viewOf(row, now)), after: auditedView(result), mirror: [] };
}

/** What the audit log keeps: what people decide, not how far the reading is. */
export const auditedView = ({ repository_id, repo, credential_id, is_connected }: RepositoryView) => ({
  repository_id,
  repo,
  credential_id,
  is_connected,
});
