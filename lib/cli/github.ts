/** `cli github …`: reads a repository of GitHub now, and shows how far each was read. */
import { and, asc, eq, sql } from 'drizzle-orm';
import { command, WrongUse } from '@/lib/cli/command';
import { ProgressBar } from '@/lib/cli/progress-bar';
import { stopByHand } from '@/lib/cli/stop-by-hand';
import { findCustomer } from '@/lib/domains/customers/find-customer';
import { repoSlugInput } from '@/lib/domains/pull-requests/input';
import { connectRepository } from '@/lib/domains/pull-requests/repositories/connect';
import { syncProblems } from '@/lib/domains/pull-requests/rules';
import type { ReadingProgress } from '@/lib/domains/pull-requests/sync/reading';
import { type Synced, syncRepository } from '@/lib/domains/pull-requests/sync/sync-repository';
import { type Repository, repositories } from '@/lib/domains/pull-requests/tables';
import { systemCtx } from '@/lib/kernel/ctx';
import { db } from '@/lib/platform/db';
import { AppError } from '@/lib/platform/errors';

const print = (line: string) => process.stdout.write(`${line}\n`);
const number = (value: number) => value.toLocaleString('en');
const share = (some: number, all: number) => (all === 0 ? '0 %' : `${Math.round((100 * some) / all)} %`);

function slugOf(text: string): string {
  const parsed = repoSlugInput.safeParse(text);
  if (!parsed.success) throw new WrongUse('--repo takes owner/name.');
  return parsed.data;
}

async function find(customerId: string, slug: string): Promise<Repository | undefined> {
  const named = sql`${repositories.names} @> ARRAY[lower(${slug})]`;
  const [row] = await db()
    .select()
    .from(repositories)
    .where(and(eq(repositories.customerId, customerId), eq(repositories.isActive, true), named));
  return row;
}

/** The connected repository's id; connects it where a credential is given. AppError not_found, and those of connecting. */
async function findOrConnect(customerId: string, slug: string, credential: string | undefined): Promise<string> {
  const connected = await find(customerId, slug);
  if (connected) return connected.repositoryId;
  if (credential === undefined)
    throw new AppError('not_found', `The customer has connected no repository ${slug}; --credential connects it.`);
  const customer = await findCustomer(customerId);
  if (!customer) throw new AppError('not_found', `There is no customer ${customerId}.`);
  const { result } = await connectRepository(systemCtx('cli', customer), { repo: slug, credential_id: credential });
  print(`${slug} is connected. Its webhook's secret is made in the portal when you need one.`);
  return result.repository.repository_id;
}

const whats: Record<ReadingProgress['what'], string> = {
  pulls: 'pull requests',
  commits: 'commits',
  details: 'commits of pull requests',
};

function show(bar: ProgressBar, { repo, what, done, all, tally, requests }: ReadingProgress): void {
  const place = all === null ? `page ${number(done)}` : `${number(done)} of ${number(all)}`;
  const found = `${number(tally.pulls)} pull requests, ${number(tally.commits)} commits new or changed`;
  bar.line(`${repo}  ${whats[what]}: ${place}  ${found}  ${number(requests)} requests`);
}

function sayWait(bar: ProgressBar, until: Date | null, why: string): void {
  bar.clear();
  const when = until ? `Reading goes on at ${until.toISOString()}.` : 'Reading begins as soon as it is free.';
  process.stderr.write(`${why} ${when} Ctrl-C ends it, a repeat goes on.\n`);
}

/** What it came to, in words; 0 where all is read, 130 where it was stopped, else 1. */
function sayEnd({ end, tally, requests, notModified, repository }: Synced): number {
  const found = `${number(tally.pulls)} pull requests and ${number(tally.commits)} commits new or changed`;
  const asked = `${number(requests)} requests, ${share(notModified, requests)} of them 304`;
  const rate = repository?.rateLimit
    ? `; ${number(repository.rateRemaining ?? 0)} of ${number(repository.rateLimit)} requests left, new ones at ${repository.rateResetAt?.toISOString()}`
    : '';
  print(`${found} in ${asked}${rate}`);
  if (end === 'done' && tally.refused > 0)
    print(`${number(tally.refused)} rows could not be read; Imports lists them.`);
  if (end === 'failed' && repository?.problem) {
    const { title, todo } = syncProblems[repository.problem];
    process.stderr.write(`${title} ${repository.problemDetail ?? ''}\n${todo}\n`);
    return 1;
  }
  if (end === 'stopped') print('Stopped before its end; what was read is kept.');
  return end === 'stopped' ? 130 : 0;
}

async function ingest(values: { repo: string; customer: string; credential: string | undefined }): Promise<number> {
  const repositoryId = await findOrConnect(values.customer, slugOf(values.repo), values.credential);
  const { stopping, forget } = stopByHand();
  const bar = new ProgressBar();
  try {
    const synced = await syncRepository(repositoryId, {
      signal: stopping,
      waits: 'sleep',
      onProgress: progress => show(bar, progress),
      onWait: (until, why) => sayWait(bar, until, why),
    });
    bar.clear();
    return sayEnd(synced);
  } finally {
    bar.clear();
    forget();
  }
}

async function states(customerId: string): Promise<number> {
  const rows = await db()
    .select()
    .from(repositories)
    .where(and(eq(repositories.customerId, customerId), eq(repositories.isActive, true)))
    .orderBy(asc(repositories.repoSlug));
  for (const row of rows) {
    const rate = row.rateLimit === null ? '' : `${row.rateRemaining}/${row.rateLimit}`;
    const times = [row.lastSyncedAt, row.nextSyncAt].map(at => at?.toISOString() ?? 'never');
    const not = share(row.lastNotModified, row.lastRequests);
    print(
      [row.repoSlug, row.state, row.problem ?? '', ...times, `${row.lastRequests} requests, ${not} 304`, rate].join(
        '\t',
      ),
    );
  }
  return 0;
}

export const githubCommands = {
  ingest: command({
    description:
      "read a customer's repository now: pull requests and commits; a repeat goes on where the one before ended",
    args: {
      repo: { type: 'string', description: 'the repository', valueHint: 'owner/name', required: true },
      customer: { type: 'string', description: 'whose it is', valueHint: 'id', required: true },
      credential: {
        type: 'string',
        description: 'connects the repository first, to be read by this stored token',
        valueHint: 'id',
      },
    },
    run: ingest,
  }),
  'sync-state': command({
    description: "list a customer's repositories: state, problem, last and next reading, requests, limit left",
    args: { customer: { type: 'string', description: 'whose they are', valueHint: 'id', required: true } },
    run: values => states(values.customer),
  }),
};
