/** What is kept of GitHub's answers; all else is passed over. A row that cannot be read is refused alone. */
import { z } from 'zod';
import { keptTitleSigns, stateOf } from '@/lib/domains/pull-requests/rules';
import { SyncFailure } from '@/lib/domains/pull-requests/sync/sync-failure';
import { storableStart } from '@/lib/kernel/storable';

const nameSigns = 300;
const maxCoAuthors = 50;

const text = (signs: number) => z.string().transform(value => storableStart(value, signs));
/** Commits may carry any date; what is before 1970 no program means. */
const time = z.iso.datetime({ offset: true }).transform(value => new Date(Math.max(0, Date.parse(value))));
const id = z.number().int().min(1).max(Number.MAX_SAFE_INTEGER);
/** Null where the account was deleted; GitHub writes some as an empty object. */
const account = z.object({ login: text(nameSigns).optional() }).nullish();
const sha = z.string().regex(/^[\da-f]{7,64}$/i);

export const pullAnswer = z
  .object({
    id,
    number: z.number().int().min(1).max(2_147_483_647),
    title: text(keptTitleSigns),
    user: account,
    state: z.string(),
    draft: z.boolean().nullish(),
    created_at: time,
    updated_at: time,
    closed_at: time.nullish(),
    merged_at: time.nullish(),
    merge_commit_sha: sha.nullish(),
    head: z.object({ ref: text(nameSigns).nullish() }).nullish(),
    base: z.object({ ref: text(nameSigns).nullish(), repo: z.object({ id }).nullish() }).nullish(),
  })
  .transform(pull => ({
    id: pull.id,
    number: pull.number,
    title: pull.title,
    author: pull.user?.login ?? null,
    state: stateOf(pull.state, pull.merged_at),
    isDraft: pull.draft ?? false,
    createdAt: pull.created_at,
    updatedAt: pull.updated_at,
    closedAt: pull.closed_at ?? null,
    mergedAt: pull.merged_at ?? null,
    branch: pull.head?.ref ?? null,
    baseBranch: pull.base?.ref ?? null,
    // Before a merge it is a trial that GitHub makes anew time and again.
    mergeCommitSha: pull.merged_at ? (pull.merge_commit_sha ?? null) : null,
    /** Repository that answered. */
    githubId: pull.base?.repo?.id ?? null,
  }));
export type PullAnswer = z.output<typeof pullAnswer>;

/** `Name <address>` of each trailer `Co-authored-by:`, once. */
export function coAuthorsOf(message: string): string[] {
  const named = [...message.matchAll(/^[ \t]*co-authored-by:[ \t]*(\S.*?)[ \t]*\r?$/gim)].map(found =>
    storableStart(found[1] ?? '', nameSigns),
  );
  return [...new Set(named)].slice(0, maxCoAuthors);
}

const signature = z
  .object({ name: text(nameSigns).nullish(), email: text(nameSigns).nullish(), date: time.nullish() })
  .nullish();

export const commitAnswer = z
  .object({
    sha,
    commit: z.object({ author: signature, committer: signature, message: z.string().max(10_000_000) }),
    author: account,
    parents: z.array(z.object({ sha })).nullish(),
  })
  .transform(({ sha, commit, author, parents }, context) => {
    const timestamp = commit.author?.date ?? commit.committer?.date;
    if (!timestamp) {
      context.addIssue({ code: 'custom', message: 'It has no date.', path: ['commit', 'author', 'date'] });
      return z.NEVER;
    }
    return {
      sha,
      author: author?.login ?? commit.author?.name ?? null,
      authorLogin: author?.login ?? null,
      authorEmail: commit.author?.email ?? null,
      timestamp,
      title: storableStart(commit.message.split('\n', 1)[0]?.trim() ?? '', keptTitleSigns),
      coAuthors: coAuthorsOf(commit.message),
      parents: (parents ?? []).map(parent => parent.sha),
    };
  });
export type CommitAnswer = z.output<typeof commitAnswer>;

export const timelineAnswer = z.object({ event: z.string().nullish() });
export const repositoryAnswer = z.object({ id, full_name: z.string().regex(/^[\w.-]{1,100}\/[\w.-]{1,100}$/) });

/** A row that could not be read: where it stood in its page, which field, and the row itself. */
export type RefusedRow = { index: number; field: string; content: string };
export type ReadRows<Row> = { rows: Row[]; refused: RefusedRow[] };

/** The rows of an answer. Throws SyncFailure unreadable where it is no list, or no row of it can be read. */
export function readRows<Schema extends z.ZodType>(schema: Schema, data: unknown): ReadRows<z.output<Schema>> {
  if (!Array.isArray(data)) throw new SyncFailure('unreadable', { detail: 'A list was expected.' });
  const rows: z.output<Schema>[] = [];
  const refused: RefusedRow[] = [];
  for (const [index, value] of data.entries()) {
    const parsed = schema.safeParse(value);
    if (parsed.success) rows.push(parsed.data);
    else {
      const field = parsed.error.issues[0]?.path.join('.') ?? '';
      refused.push({ index, field, content: JSON.stringify(value) ?? '' });
    }
  }
  if (rows.length === 0 && refused.length > 0)
    throw new SyncFailure('unreadable', {
      detail: `No row of a page could be read; the first lacks ${refused[0]?.field}.`,
    });
  return { rows, refused };
}

/** The one object of an answer. Throws SyncFailure unreadable. */
export function readOne<Schema extends z.ZodType>(schema: Schema, data: unknown): z.output<Schema> {
  const parsed = schema.safeParse(data);
  if (parsed.success) return parsed.data;
  throw new SyncFailure('unreadable', { detail: `A field is amiss: ${parsed.error.issues[0]?.path.join('.')}.` });
}
