/** Commits and timeline of pull requests that changed, the last changed first, each pull request in one transaction. */
import { and, count, desc, eq, sql } from 'drizzle-orm';
import type { z } from 'zod';
import { pageRows } from '@/lib/domains/pull-requests/rules';
import { keepEtag, knownEtag, type Tag } from '@/lib/domains/pull-requests/sync/etags';
import {
  commitAnswer,
  type ReadRows,
  readOne,
  readRows,
  repositoryAnswer,
  timelineAnswer,
} from '@/lib/domains/pull-requests/sync/read-answers';
import { askFresh, mayGoOn, type Reading, repositoryPath, writeFound } from '@/lib/domains/pull-requests/sync/reading';
import { storeDetails } from '@/lib/domains/pull-requests/sync/store-details';
import { SyncFailure } from '@/lib/domains/pull-requests/sync/sync-failure';
import { type PullRequest, pullRequests } from '@/lib/domains/pull-requests/tables';
import { db } from '@/lib/platform/db';

/** Pull requests that GitHub fails on one after the other, before it is taken to be away. */
const failuresInARow = 3;
/** Pages of one pull request's timeline that are read; a bot may write thousands of events. */
const maxPages = 30;

type Read<Row> = ReadRows<Row> & { tag: Tag | null };

/** All pages of a list; null where GitHub says it is as it was. The ETag holds for a list of one page only. */
async function readAll<Schema extends z.ZodType>(
  reading: Reading,
  path: string,
  { schema, isEnough = () => false }: { schema: Schema; isEnough?: (rows: z.output<Schema>[]) => boolean },
): Promise<Read<z.output<Schema>> | null> {
  const endpoint = `${path}?per_page=${pageRows}`;
  const first = await reading.github.ask(endpoint, await knownEtag(reading.held.repository, endpoint));
  if (first.kind === 'unchanged') return null;
  const read = readRows(schema, first.data);
  const { etag, lastModified } = first;
  const tag = first.nextPage === null ? { endpoint, etag, lastModified } : null;
  let page = first.nextPage;
  while (page !== null && page <= maxPages && !isEnough(read.rows)) {
    const answer = await askFresh(reading, `${endpoint}&page=${page}`);
    const more = readRows(schema, answer.data);
    read.rows.push(...more.rows);
    read.refused.push(...more.refused);
    page = answer.nextPage;
  }
  return { ...read, tag };
}

const saysReopened = (events: { event?: string | null | undefined }[]) =>
  events.some(({ event }) => event === 'reopened');

/** Reads and writes one; answers nothing where it is gone, although the repository is there. */
async function readOnePull(reading: Reading, pull: PullRequest): Promise<void> {
  const { repository } = reading.held;
  const at = repositoryPath(reading);
  const from = `${at}/pulls/${pull.number}/commits`;
  const commits = await readAll(reading, from, { schema: commitAnswer });
  // What was reopened once stays so.
  const timeline = pull.reopened
    ? null
    : await readAll(reading, `${at}/issues/${pull.number}/timeline`, {
        schema: timelineAnswer,
        isEnough: saysReopened,
      });
  const reopened = pull.reopened || saysReopened(timeline?.rows ?? []);
  await writeFound(reading, async tx => {
    const changed = await storeDetails(tx, repository, {
      pull,
      commits: commits?.rows ?? null,
      reopened,
      at: reading.clock(),
    });
    for (const read of [commits, timeline])
      if (read?.tag && read.refused.length === 0) await keepEtag(tx, repository, read.tag, reading.clock());
    return { ...changed, details: 1, refused: commits?.refused ?? [], from };
  });
}

/** Throws where the repository cannot be read any more; else only this pull request is gone, and is not asked for again. */
async function passOver(reading: Reading, pull: PullRequest): Promise<void> {
  const answer = await askFresh(reading, repositoryPath(reading));
  readOne(repositoryAnswer, answer.data);
  const from = repositoryPath(reading);
  await writeFound(reading, async tx => {
    const asItWas = { pull, commits: null, reopened: pull.reopened, at: reading.clock() };
    return { ...(await storeDetails(tx, reading.held.repository, asItWas)), details: 1, from };
  });
}

const withoutDetails = ({ held }: Reading) =>
  and(
    eq(pullRequests.repositoryId, held.repository.repositoryId),
    sql`${pullRequests.detailsOf} IS DISTINCT FROM ${pullRequests.updatedAt}`,
  );

const atOnce = 50;

async function tell(reading: Reading, done: number): Promise<void> {
  const [left] = await db().select({ count: count() }).from(pullRequests).where(withoutDetails(reading));
  const { held, tally, github } = reading;
  const all = done + (left?.count ?? 0);
  const requests = github.usage.requests;
  reading.onProgress({ repo: held.repository.repoSlug, what: 'details', done, all, tally, requests });
}

/** Reads one, and holds back GitHub's errors about it while others can be read. Throws all other failures. */
async function tryPull(reading: Reading, pull: PullRequest, failed: Map<number, SyncFailure>): Promise<void> {
  try {
    await readOnePull(reading, pull);
  } catch (error) {
    if (!(error instanceof SyncFailure)) throw error;
    if (error.problem === 'no_access') await passOver(reading, pull);
    else if (error.problem === 'unavailable' || error.problem === 'unreadable') {
      failed.set(pull.id, error);
      if (failed.size >= failuresInARow) throw error;
    } else throw error;
  }
}

/** Reads what is due. Answers false where it is another one's turn first; throws SyncFailure where GitHub failed on one. */
export async function readDetails(reading: Reading): Promise<boolean> {
  const failed = new Map<number, SyncFailure>();
  for (let done = 0; ; ) {
    const due = await db()
      .select()
      .from(pullRequests)
      .where(and(withoutDetails(reading), sql`${pullRequests.id} <> ALL(${sql.param([...failed.keys()])}::bigint[])`))
      .orderBy(desc(pullRequests.updatedAt), desc(pullRequests.id))
      .limit(atOnce);
    for (const pull of due) {
      if (!mayGoOn(reading)) return false;
      await tryPull(reading, pull, failed);
      done++;
    }
    if (due.length > 0) await tell(reading, done);
    if (due.length < atOnce) break;
  }
  for (const failure of failed.values()) throw failure;
  return true;
}
