/** Believable pull requests of one repository: opened on weekdays by the team, most merged within days, with commits by people and with Claude. Pure. */
import { createHash } from 'node:crypto';
import type { z } from 'zod';
import type { commitShape, pullShape } from '@/dev/doubles/github/state';
import type { Random } from '@/dev/seed/random';

/** A developer of AI usage as GitHub knows them. */
export type DemoAuthor = {
  /** As requests to AI models name them. */
  developer: string;
  login: string;
  name: string;
  /** In their commits; some hide theirs. */
  email: string;
};

type PullInput = z.input<typeof pullShape>;
type CommitInput = z.input<typeof commitShape>;
export type DemoPull = PullInput & { commits: CommitInput[]; head: string };

/** Days on which a developer worked on a branch. */
export type BranchWork = { developer: string; repository: string; branch: string; from: string; to: string };
export type DemoRepository = { name: string; pulls: DemoPull[]; commits: CommitInput[]; work: BranchWork[] };

type Options = {
  repository: string;
  authors: readonly DemoAuthor[];
  count: number;
  days: number;
  random: Random;
  now: Date;
};

/** The last so many are open, whatever chance says. */
const latelyOpen = 2;
const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
const kinds = ['feat', 'fix', 'chore', 'refactor'] as const;
const titles = {
  feat: ['Export in bulk', 'Filter by region', 'Retry of failed loads', 'Weekly summary', 'Dark theme of charts'],
  fix: ['Rounding at checkout', 'Time zone of reports', 'Duplicate rows after a retry', 'Empty state of the list'],
  chore: ['Update dependencies', 'Node 24', 'Faster tests', 'Smaller images'],
  refactor: ['One client for the warehouse', 'Split the scheduler', 'Types for the API', 'Remove the old importer'],
} as const;
const changes = [
  'Add tests',
  'Handle the empty case',
  'Name the columns',
  'Follow the review',
  'Write the first version',
];
const withClaude = '\n\nCo-authored-by: Claude <noreply@anthropic.com>';
/** Left the company; GitHub has no account of that name any more. */
const formerColleague = { name: 'Former Colleague', email: 'former@example.com', login: null };

const iso = (atMs: number): string => new Date(atMs).toISOString();
const slug = (title: string): string => title.toLowerCase().replace(/\W+/g, '-');
const shaOf = (random: Random): string => createHash('sha1').update(random.uuid()).digest('hex');

type Span = { openedMs: number; endMs: number | null; isMerged: boolean };

/** When it was opened and closed; null = it is open. */
function spanOf({ random, now, days, count }: Options, index: number): Span {
  const daysAgo = (days - 2) * (1 - index / Math.max(1, count - 1)) + random.next();
  const openedMs = now.getTime() - Math.max(0.2, daysAgo) * dayMs;
  const endMs = openedMs + random.between(3, 110) * hourMs;
  const isOpen = endMs >= now.getTime() || index >= count - latelyOpen;
  return { openedMs, endMs: isOpen ? null : endMs, isMerged: random.chance(0.88) };
}

function commitsOf(random: Random, author: Omit<CommitInput, 'sha' | 'date' | 'message'>, span: Span, lastMs: number) {
  const usesClaude = random.chance(0.55);
  const beginMs = span.openedMs - random.between(1, 20) * hourMs;
  const count = random.between(1, 5);
  return Array.from({ length: count }, (_, index): CommitInput => {
    const trailer = usesClaude && random.chance(0.7) ? withClaude : '';
    const date = iso(beginMs + ((lastMs - beginMs) * index) / count);
    return { sha: shaOf(random), message: `${random.pick(changes)}${trailer}`, date, ...author };
  });
}

/** Some are closed by mistake and opened again. */
function timelineOf(random: Random, { openedMs }: Span, lastMs: number): PullInput['timeline'] {
  if (!random.chance(0.1)) return [];
  const closedMs = openedMs + (lastMs - openedMs) / 3;
  return [
    { event: 'closed', created_at: iso(closedMs) },
    { event: 'reopened', created_at: iso(closedMs + (lastMs - closedMs) / 2) },
  ];
}

function pullOf(options: Options, index: number): { pull: DemoPull; author: DemoAuthor | null } {
  const { random, now, authors } = options;
  const author = random.chance(0.06) ? null : random.pick(authors);
  const span = spanOf(options, index);
  const lastMs = span.endMs ?? now.getTime() - 0.1 * dayMs;
  const kind = random.pick(kinds);
  const title = random.pick<string>(titles[kind]);
  const { name, email, login } = author ?? formerColleague;
  const commits = commitsOf(random, { name, email, login }, span, lastMs);
  const isMerged = span.endMs !== null && span.isMerged;
  const pull: DemoPull = {
    number: index + 1,
    title,
    login,
    state: span.endMs === null ? 'open' : 'closed',
    draft: span.endMs === null && random.chance(0.3),
    created_at: iso(span.openedMs),
    updated_at: iso(lastMs),
    closed_at: span.endMs === null ? null : iso(lastMs),
    merged_at: isMerged ? iso(lastMs) : null,
    merge_commit_sha: isMerged ? shaOf(random) : null,
    head: `${kind}/${slug(title)}-${index + 1}`,
    commits,
    timeline: timelineOf(random, span, lastMs),
  };
  return { pull, author };
}

/** What merging brought to the default branch. */
const mergedCommits = ({ commits, merge_commit_sha: sha, merged_at: date, ...pull }: DemoPull): CommitInput[] =>
  sha && date ? [...commits, { sha, message: `Merge pull request #${pull.number} from ${pull.head}`, date }] : [];

/** Pull requests of the `days` days up to now, numbered in the order of time. */
export function pullHistory(options: Options): DemoRepository {
  const { repository, count } = options;
  const made = Array.from({ length: count }, (_, index) => pullOf(options, index));
  const pulls = made.map(({ pull }) => pull);
  const work = made.flatMap(({ pull, author }): BranchWork[] => {
    const first = pull.commits[0]?.date.slice(0, 10);
    if (!author || !first) return [];
    const to = pull.updated_at.slice(0, 10);
    return [{ developer: author.developer, repository, branch: pull.head, from: first, to }];
  });
  return { name: repository, pulls, commits: pulls.flatMap(mergedCommits), work };
}
