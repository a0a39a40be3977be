/** The demo's repositories: put into the local double of GitHub, connected as an admin would, so that the worker reads them. */

import { ownerCtx } from '@/dev/seed/owner-ctx';
import type { DemoGithub } from '@/dev/seed/pull-requests/demo-github';
import { type DemoRepository, pullHistory } from '@/dev/seed/pull-requests/pull-history';
import { seededRandom } from '@/dev/seed/random';
import { newRepository, newToken, putCommits, putPulls } from '@/dev/testing/pull-requests/github-double';
import { createCredential } from '@/lib/domains/credentials/commands';
import type { Customer } from '@/lib/domains/customers/tables';
import { confirmIdentity } from '@/lib/domains/pull-requests/people/identities';
import { connectRepository } from '@/lib/domains/pull-requests/repositories/connect';

const historyDays = 90;
const connectedDaysAgo = 5;
const dayMs = 86_400_000;
/** Rows of one call of the double. */
const rowsAtOnce = 100;

/** What the customer's repositories hold; the same for the same day. */
export function demoRepositories({ repositories, people, seed }: DemoGithub, now: Date): DemoRepository[] {
  const random = seededRandom(seed);
  return repositories.map(({ name, pulls: count }) =>
    pullHistory({ repository: name, authors: people, count, days: historyDays, random, now }),
  );
}

async function putIntoGithub({ name, pulls, commits }: DemoRepository): Promise<void> {
  await newRepository({ full_name: name });
  for (let at = 0; at < pulls.length; at += rowsAtOnce) await putPulls(name, pulls.slice(at, at + rowsAtOnce));
  for (let at = 0; at < commits.length; at += rowsAtOnce) await putCommits(name, commits.slice(at, at + rowsAtOnce));
}

/** Connects the repositories, which the worker reads once it runs, and confirms who of the team is whom. */
export async function seedGithub(
  demo: DemoGithub,
  repositories: readonly DemoRepository[],
  customer: Customer,
  now: Date,
): Promise<void> {
  const token = await newToken({ login: demo.people[0]?.login });
  for (const repository of repositories) await putIntoGithub(repository);
  const ctx = await ownerCtx(customer, new Date(now.getTime() - connectedDaysAgo * dayMs));
  const secret = { kind: 'github_token', token } as const;
  const { result } = await createCredential(ctx, { name: demo.credential, secret });
  for (const { name } of repositories)
    await connectRepository(ctx, { repo: name, credential_id: result.credential_id });
  for (const { developer, login, isConfirmed } of demo.people)
    if (isConfirmed) await confirmIdentity(ctx, { developer_id: developer, login });
}
