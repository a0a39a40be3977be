/** The two lists of a repository that are walked: its pull requests, the last changed first, and its default branch's commits. */
import { commitAnswer, pullAnswer, readRows } from '@/lib/domains/pull-requests/sync/read-answers';
import { metByWalk, storeCommits } from '@/lib/domains/pull-requests/sync/store-commits';
import { storePulls } from '@/lib/domains/pull-requests/sync/store-pulls';
import { RepositoryMoved } from '@/lib/domains/pull-requests/sync/sync-failure';
import type { List } from '@/lib/domains/pull-requests/sync/walk-list';

const newest = (times: readonly Date[]): Date | null =>
  times.length === 0 ? null : new Date(Math.max(...times.map(time => time.getTime())));

/** Ends at the first one that changed before all that is known; equal instants are read again. */
export const pullList: List = {
  kind: 'pulls',
  question: 'pulls?state=all&sort=updated&direction=desc&',
  take: async (tx, { repository, data, walk, question }) => {
    const { rows, refused } = readRows(pullAnswer, data);
    // Another repository has taken the name.
    if (rows.some(({ githubId }) => githubId !== null && githubId !== repository.githubId))
      throw new RepositoryMoved(repository.githubId);
    const pulls = await storePulls(tx, repository, rows);
    const { doneUntil } = walk;
    const isKnownFromHere = doneUntil !== null && rows.some(({ updatedAt }) => updatedAt < doneUntil);
    const newestAt = newest(rows.map(({ updatedAt }) => updatedAt));
    return { pulls, refused, from: question, newestAt, isKnownFromHere, openParents: [] };
  },
};

/**
 * Ends where every new commit's parents are known and a known one was met. Dates decide nothing: a branch that is merged late
 * brings commits older than all that was read, and anyone may date a commit. The first walk goes to the end.
 */
export const commitList: List = {
  kind: 'commits',
  question: 'commits?',
  take: async (tx, { repository, data, walk, question }) => {
    const { rows, refused } = readRows(commitAnswer, data);
    const newestAt = newest(rows.map(({ timestamp }) => timestamp));
    const shas = new Set(rows.map(({ sha }) => sha));
    const isFirstWalk = walk.doneUntil === null;
    const met = isFirstWalk ? new Set<string>() : await metByWalk(tx, repository, [...shas]);
    const commits = await storeCommits(tx, repository, rows, { isOnDefaultBranch: true });
    if (isFirstWalk) return { commits, refused, from: question, newestAt, isKnownFromHere: false, openParents: [] };
    const parents = rows.filter(({ sha }) => !met.has(sha)).flatMap(commit => commit.parents);
    const awaited = [...new Set([...walk.openParents, ...parents])].filter(sha => !shas.has(sha));
    const known = await metByWalk(tx, repository, awaited);
    const openParents = awaited.filter(sha => !known.has(sha));
    const isKnownFromHere = openParents.length === 0 && (met.size > 0 || known.size > 0);
    return { commits, refused, from: question, newestAt, isKnownFromHere, openParents };
  },
};
