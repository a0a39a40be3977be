/**
 * Walks a list of GitHub's page by page. Each page is durable, with the next one's number, before that is asked for; what holds for
 * the whole list (its ETag, and up to when all is known) is only noted once its last page is durable.
 */
import { and, eq } from 'drizzle-orm';
import { pageRows, type WalkKind } from '@/lib/domains/pull-requests/rules';
import { keepEtag, knownEtag } from '@/lib/domains/pull-requests/sync/etags';
import type { Answer } from '@/lib/domains/pull-requests/sync/github-client';
import {
  type Found,
  mayGoOn,
  type Reading,
  repositoryPath,
  writeFound,
} from '@/lib/domains/pull-requests/sync/reading';
import { SyncFailure } from '@/lib/domains/pull-requests/sync/sync-failure';
import { type Repository, type RepositoryWalk, repositoryWalks } from '@/lib/domains/pull-requests/tables';
import { db, type Tx } from '@/lib/platform/db';

/** What a page came to. */
export type WalkedPage = Found & {
  /** Newest change on it; null where it has no row. */
  newestAt: Date | null;
  /** All that follows in the list was known before. */
  isKnownFromHere: boolean;
  openParents: string[];
};

export type List = {
  kind: WalkKind;
  /** Under the repository's path, without per_page. */
  question: string;
  /** Reads and writes a page. */
  take: (
    tx: Tx,
    page: { repository: Repository; data: unknown; walk: RepositoryWalk; question: string },
  ) => Promise<WalkedPage>;
};

type Fresh = Extract<Answer, { kind: 'fresh' }>;

async function readWalk({ customerId, repositoryId }: Repository, kind: WalkKind): Promise<RepositoryWalk> {
  const [walk] = await db()
    .select()
    .from(repositoryWalks)
    .where(and(eq(repositoryWalks.repositoryId, repositoryId), eq(repositoryWalks.kind, kind)));
  const begun = { doneUntil: null, page: null, newestAt: null, endpoint: null, etag: null, openParents: [] };
  return walk ?? { customerId, repositoryId, kind, ...begun };
}

async function writeWalk(tx: Tx, walk: RepositoryWalk): Promise<void> {
  const target = [repositoryWalks.repositoryId, repositoryWalks.kind];
  await tx.insert(repositoryWalks).values(walk).onConflictDoUpdate({ target, set: walk });
}

/** The answer of a page. A repository without a commit answers 409: an empty list. */
async function askPage({ github }: Reading, path: string, etag: string | null): Promise<Answer> {
  try {
    return await github.ask(path, etag);
  } catch (error) {
    if (!(error instanceof SyncFailure) || error.status !== 409) throw error;
    return { kind: 'fresh', data: [], etag: null, lastModified: null, nextPage: null };
  }
}

/** The walk after a page: at its next one, or ended. */
function afterPage(walk: RepositoryWalk, page: WalkedPage, answer: Fresh, endpoint: string): RepositoryWalk {
  const isFirst = walk.page === null;
  const began = isFirst
    ? { newestAt: page.newestAt ?? walk.doneUntil, endpoint, etag: answer.etag }
    : { newestAt: walk.newestAt, endpoint: walk.endpoint, etag: walk.etag };
  const hasEnded = page.isKnownFromHere || answer.nextPage === null;
  if (!hasEnded) return { ...walk, ...began, page: answer.nextPage, openParents: page.openParents };
  const ended = { page: null, newestAt: null, endpoint: null, etag: null, openParents: [] };
  return { ...walk, ...ended, doneUntil: began.newestAt };
}

/** Reads a page and writes it; answers the walk as it stands then. */
async function takePage(
  reading: Reading,
  list: List,
  walk: RepositoryWalk,
  { endpoint, answer }: { endpoint: string; answer: Fresh },
): Promise<RepositoryWalk> {
  const { repository } = reading.held;
  let next = walk;
  await writeFound(reading, async tx => {
    const page = await list.take(tx, { repository, data: answer.data, walk, question: endpoint });
    next = afterPage(walk, page, answer, endpoint);
    await writeWalk(tx, next);
    const first = walk.page === null ? { endpoint, etag: answer.etag } : walk;
    // Of a list with a page after this the ETag holds as well: any change moves a row to the first page.
    if (next.page === null && first.endpoint === endpoint)
      await keepEtag(tx, repository, { endpoint, etag: first.etag, lastModified: null }, reading.clock());
    if (list.kind === 'pulls' && page.newestAt === null) reading.isProven = false;
    return page;
  });
  return next;
}

/** Reads on where the list was left, or looks for what is new. Answers false where it is another one's turn first. */
export async function walkList(reading: Reading, list: List): Promise<boolean> {
  const endpoint = `${repositoryPath(reading)}/${list.question}per_page=${pageRows}`;
  let walk = await readWalk(reading.held.repository, list.kind);
  do {
    if (!mayGoOn(reading)) return false;
    const page = walk.page ?? 1;
    const etag = page === 1 ? await knownEtag(reading.held.repository, endpoint) : null;
    const answer = await askPage(reading, page === 1 ? endpoint : `${endpoint}&page=${page}`, etag);
    const { tally, github, onProgress, held } = reading;
    if (answer.kind === 'unchanged') return true;
    walk = await takePage(reading, list, walk, { endpoint, answer });
    const requests = github.usage.requests;
    onProgress({ repo: held.repository.repoSlug, what: list.kind, done: page, all: null, tally, requests });
  } while (walk.page !== null);
  return true;
}
