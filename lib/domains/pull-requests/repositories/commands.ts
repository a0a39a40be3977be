/** Changing, disconnecting and reading a connected repository at once. Source: docs/architecture.md, Pull requests. */
import { editRepositoryInput, repositoryInput } from '@/lib/domains/pull-requests/input';
import {
  changeRepository,
  lockRepository,
  readNow,
  requireGithubToken,
} from '@/lib/domains/pull-requests/repositories/stored-repository';
import { type RepositoryView, viewOf } from '@/lib/domains/pull-requests/repositories/view';
import { type Change, defineCommand } from '@/lib/kernel/command';
import { consume } from '@/lib/kernel/limits';
import { AppError } from '@/lib/platform/errors';

/** Looks at one repository that people ask for. */
const askRule = { name: 'repository-sync', points: 1, seconds: 60 };

/** Whoever reads it now writes nothing more. */
const readByNobody = { lease: null, leasedUntil: null };

/** Another credential, by which it is read at once. AppError not_found, invalid_input. */
export const editRepository = defineCommand({
  name: 'repository.edit',
  permission: 'pull-requests:write',
  input: editRepositoryInput,
  run: async ({ ctx, tx, input }): Promise<Change<RepositoryView>> => {
    const row = await lockRepository(tx, ctx, input.repository_id);
    await requireGithubToken(tx, ctx, input.credential_id);
    if (row.credentialId === input.credential_id) return { result: viewOf(row, ctx.clock()), unchanged: true };
    return changeRepository(tx, ctx, row, {
      ...readNow(ctx.clock()),
      ...readByNobody,
      credentialId: input.credential_id,
    });
  },
});

/** Ends the reading, one under way too; what was read stays. AppError not_found. */
export const disconnectRepository = defineCommand({
  name: 'repository.disconnect',
  permission: 'pull-requests:write',
  input: repositoryInput,
  run: async ({ ctx, tx, input }): Promise<Change<RepositoryView>> => {
    const row = await lockRepository(tx, ctx, input.repository_id);
    return changeRepository(tx, ctx, row, { ...readByNobody, isActive: false });
  },
});

/**
 * Has it read at once; where it is about to be nothing changes. AppError not_found, rate_limited within a minute of the
 * last time or while GitHub's own limit lasts.
 */
export const syncRepository = defineCommand({
  name: 'repository.sync',
  permission: 'pull-requests:write',
  input: repositoryInput,
  run: async ({ ctx, tx, input }): Promise<Change<RepositoryView>> => {
    const row = await lockRepository(tx, ctx, input.repository_id);
    const now = ctx.clock();
    const isReading = row.leasedUntil !== null && row.leasedUntil > now;
    if (isReading || row.nextSyncAt <= now) return { result: viewOf(row, now), unchanged: true };
    const refuse = (message: string, retryAfterSeconds: number) =>
      new AppError('rate_limited', message, { retryAfterSeconds });
    const waitMs = row.nextSyncAt.getTime() - now.getTime();
    if (row.state === 'PAUSED') throw refuse('GitHub asked to wait. Reading goes on by itself.', waitMs / 1_000);
    const { allowed, resetSeconds } = await consume(askRule, row.repositoryId);
    if (!allowed) throw refuse('You asked for this less than a minute ago. Wait a moment.', resetSeconds);
    return changeRepository(tx, ctx, row, { nextSyncAt: now });
  },
});
