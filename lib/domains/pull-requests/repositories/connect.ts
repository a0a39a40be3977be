/** Connecting a repository of GitHub, and a new secret for its webhook. Source: docs/architecture.md, Pull requests. */
import { and, count, eq } from 'drizzle-orm';
import { lockCustomer } from '@/lib/domains/customers/profile';
import { connectRepositoryInput, repositoryInput } from '@/lib/domains/pull-requests/input';
import {
  auditedView,
  changeRepository,
  findBySlug,
  lockRepository,
  readNow,
  readRepository,
  requireGithubToken,
} from '@/lib/domains/pull-requests/repositories/stored-repository';
import { type RepositoryView, viewOf } from '@/lib/domains/pull-requests/repositories/view';
import { newWebhookSecret, openWebhookSecret } from '@/lib/domains/pull-requests/repositories/webhook-secret';
import { maxRepositories } from '@/lib/domains/pull-requests/rules';
import { type Repository, repositories } from '@/lib/domains/pull-requests/tables';
import { type Change, defineCommand } from '@/lib/kernel/command';
import { actorLabel, type Ctx, requireCustomer } from '@/lib/kernel/ctx';
import { invalidInput } from '@/lib/kernel/input';
import { type Db, db, type Tx } from '@/lib/platform/db';
import { AppError } from '@/lib/platform/errors';
import { newId } from '@/lib/platform/ids';
import type { Secret } from '@/lib/platform/log';

/** A repository with the secret of its webhook, which is shown this once. */
export type RepositoryWithSecret = { repository: RepositoryView; secret: Secret };

/** How long a form sent twice shows the secret twice. */
const doubleClickMs = 60_000;

/** The repository that an earlier submission of the same form connected; undefined for the first. */
async function earlierOf(ctx: Ctx, token: string | undefined, store: Db | Tx = db()): Promise<Repository | undefined> {
  if (!token) return undefined;
  const { customerId } = requireCustomer(ctx);
  const same = and(eq(repositories.customerId, customerId), eq(repositories.requestToken, token));
  return (await store.select().from(repositories).where(same))[0];
}

/** The answer once more, for a double click. AppError conflict for a form that was changed or is sent again later. */
async function repeatOf(ctx: Ctx, row: Repository, repo: string): Promise<Change<RepositoryWithSecret>> {
  const details = { repository_id: row.repositoryId };
  if (row.repoSlug.toLowerCase() !== repo.toLowerCase())
    throw new AppError('conflict', `This form has connected “${row.repoSlug}” already. Open the page again.`);
  if (ctx.clock().getTime() - row.updatedAt.getTime() > doubleClickMs)
    throw new AppError('conflict', 'The secret was shown before. If you did not store it, make a new one.', {
      details,
    });
  return { result: { repository: viewOf(row, ctx.clock()), secret: await openWebhookSecret(row) }, unchanged: true };
}

/** Throws AppError conflict where the customer, whose row is locked or who is only asked in advance, has all its repositories. */
async function requireFreePlace(store: Db | Tx, customerId: string): Promise<void> {
  const active = and(eq(repositories.customerId, customerId), eq(repositories.isActive, true));
  const [found] = await store.select({ connected: count() }).from(repositories).where(active);
  if ((found?.connected ?? 0) < maxRepositories) return;
  throw new AppError('conflict', `${maxRepositories} repositories are connected, which is the most. Disconnect one.`, {
    details: { max_repositories: maxRepositories },
  });
}

/** One that was connected before and may be taken up again. AppError invalid_input where it is connected now. */
function requireDisconnected(row: Repository | undefined): Repository | undefined {
  if (row?.isActive) throw invalidInput([{ path: 'repo', message: 'This repository is connected already.' }]);
  return row;
}

/**
 * Connects a repository; it is read at once. One that was connected before goes on with what was read of it. The answer
 * holds the secret of its webhook, once. AppError not_found, invalid_input, conflict, key_service_unavailable.
 */
export const connectRepository = defineCommand({
  name: 'repository.connect',
  permission: 'pull-requests:write',
  input: connectRepositoryInput,
  prepare: async ({ ctx, input }) => {
    const { customerId } = requireCustomer(ctx);
    if (await earlierOf(ctx, input.request_token)) return null;
    await requireFreePlace(db(), customerId);
    await db().transaction(tx => requireGithubToken(tx, ctx, input.credential_id));
    const before = requireDisconnected(await findBySlug(db(), customerId, input.repo));
    const repositoryId = before?.repositoryId ?? newId('repo');
    return { repositoryId, ...(await newWebhookSecret(customerId, repositoryId)) };
  },
  run: async ({ ctx, tx, input, prepared }): Promise<Change<RepositoryWithSecret>> => {
    const { customerId } = requireCustomer(ctx);
    await lockCustomer(tx, customerId);
    // The second of two submissions at once waited for the first one's commit.
    const earlier = await earlierOf(ctx, input.request_token, tx);
    if (earlier) return repeatOf(ctx, earlier, input.repo);
    const before = requireDisconnected(await findBySlug(tx, customerId, input.repo));
    if (!prepared || (before && before.repositoryId !== prepared.repositoryId))
      throw new AppError('conflict', 'The repository was changed meanwhile. Try again.');
    await requireFreePlace(tx, customerId);
    await requireGithubToken(tx, ctx, input.credential_id);
    const { repositoryId, sealed, secret } = prepared;
    const now = ctx.clock();
    const columns = {
      ...readNow(now),
      credentialId: input.credential_id,
      isActive: true,
      webhookSecret: sealed,
      requestToken: input.request_token ?? null,
    };
    if (before) {
      const change = await changeRepository(tx, ctx, before, columns);
      return { ...change, result: { repository: change.result, secret } };
    }
    const repoSlug = input.repo;
    const who = actorLabel(ctx.actor);
    const row = { ...columns, repositoryId, customerId, repoSlug, names: [repoSlug.toLowerCase()], createdBy: who };
    const [made] = await tx
      .insert(repositories)
      .values({ ...row, createdAt: now, updatedAt: now })
      .returning();
    if (!made) throw new Error('the repository was not stored');
    const repository = viewOf(made, now);
    const target = { type: 'repository', id: repositoryId };
    return { result: { repository, secret }, target, before: null, after: auditedView(repository), mirror: [] };
  },
});

/** Gives the webhook another secret; the old one ends at once. The answer holds it, once. AppError not_found, key_service_unavailable. */
export const renewWebhookSecret = defineCommand({
  name: 'repository.renew_secret',
  permission: 'pull-requests:write',
  input: repositoryInput,
  prepare: async ({ ctx, input }) => {
    const { customerId, repositoryId } = await readRepository(ctx, input.repository_id);
    return newWebhookSecret(customerId, repositoryId);
  },
  run: async ({ ctx, tx, input, prepared: { sealed, secret } }): Promise<Change<RepositoryWithSecret>> => {
    const row = await lockRepository(tx, ctx, input.repository_id);
    const change = await changeRepository(tx, ctx, row, { webhookSecret: sealed });
    return { ...change, result: { repository: change.result, secret } };
  },
});
