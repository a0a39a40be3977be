/** Names by which the list of pull requests can be narrowed. */
import { and, asc, desc, eq, isNotNull, sql } from 'drizzle-orm';
import { z } from 'zod';
import { pullRequests as pulls, repositories } from '@/lib/domains/pull-requests/tables';
import type { CustomerCtx } from '@/lib/kernel/ctx';
import { defineOperation } from '@/lib/kernel/operation';
import { db } from '@/lib/platform/db';

/** As many as a list to choose from can hold. */
const maxNames = 200;

export type PullNames = {
  /** Of all repositories that were ever connected, also of those without pull requests. */
  repositories: string[];
  /** The authors of most pull requests. */
  authors: string[];
};

/** Repositories and authors of the caller. AppError forbidden. */
export const listPullNames = defineOperation({
  name: 'pull_request.list_names',
  permission: 'pull-requests:read',
  input: z.strictObject({}),
  run: async ({ customerId }: CustomerCtx): Promise<PullNames> => {
    const [connected, authors] = await Promise.all([
      db()
        .selectDistinct({ slug: repositories.repoSlug })
        .from(repositories)
        .where(eq(repositories.customerId, customerId))
        .orderBy(asc(repositories.repoSlug))
        .limit(maxNames),
      db()
        .select({ login: sql<string>`${pulls.author}` })
        .from(pulls)
        .where(and(eq(pulls.customerId, customerId), isNotNull(pulls.author)))
        .groupBy(pulls.author)
        .orderBy(desc(sql`count(*)`), asc(pulls.author))
        .limit(maxNames),
    ]);
    return { repositories: connected.map(({ slug }) => slug), authors: authors.map(({ login }) => login).sort() };
  },
});
