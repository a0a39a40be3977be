/** What GitHub answers about repositories that were put in: one, its pull requests, commits and timelines, page by page. */
import { createHash } from 'node:crypto';
import type { Commit, Pull, Repository } from '@/dev/doubles/github/state';

export type Answer = { status: number; body?: unknown; headers?: Record<string, string> };

export const refused = (status: number, message: string): Answer => ({
  status,
  body: { message, documentation_url: 'https://docs.github.com/rest', status: String(status) },
});

/** GitHub shows no more of a pull request. */
const mostCommits = 250;

const userOf = (login: string | null) =>
  login && { login, id: createHash('sha256').update(login).digest().readUInt32BE(), type: 'User' };

const repositoryOf = ({ id, fullName, readers, defaultBranch }: Repository, base: string) => ({
  id,
  name: fullName.split('/')[1],
  full_name: fullName,
  owner: userOf(fullName.split('/')[0] ?? ''),
  private: readers !== undefined,
  default_branch: defaultBranch,
  url: `${base}/repos/${fullName}`,
  html_url: `https://github.com/${fullName}`,
});

const pullOf = (pull: Pull, repository: Repository, base: string) => ({
  url: `${base}/repos/${repository.fullName}/pulls/${pull.number}`,
  html_url: `https://github.com/${repository.fullName}/pull/${pull.number}`,
  id: pull.id,
  number: pull.number,
  state: pull.state,
  locked: false,
  title: pull.title,
  user: userOf(pull.login),
  body: null,
  created_at: pull.created_at,
  updated_at: pull.updated_at,
  closed_at: pull.closed_at,
  merged_at: pull.merged_at,
  merge_commit_sha: pull.merge_commit_sha,
  draft: pull.draft,
  head: { ref: pull.head, label: `${repository.fullName.split('/')[0]}:${pull.head}`, sha: pull.commits.at(-1)?.sha },
  base: { ref: pull.base, repo: repositoryOf(repository, base) },
});

type Placed = { commit: Commit; older: Commit | undefined };

/** Each commit of a list, newest first, with the one before it. */
const placed = (commits: Commit[]): Placed[] => commits.map((commit, index) => ({ commit, older: commits[index + 1] }));

const commitOf = ({ commit, older }: Placed, repository: Repository, base: string) => {
  const signature = { name: commit.name, email: commit.email, date: commit.date };
  return {
    sha: commit.sha,
    url: `${base}/repos/${repository.fullName}/commits/${commit.sha}`,
    commit: { author: signature, committer: signature, message: commit.message },
    author: userOf(commit.login),
    committer: userOf(commit.login),
    parents: (commit.parents ?? (older ? [older.sha] : [])).map(sha => ({ sha })),
  };
};

const timelineOf = (pull: Pull) => [
  ...pull.commits.map(({ sha, message, name, email, date }) => {
    const signature = { name, email, date };
    return { event: 'committed', sha, message, author: signature, committer: signature };
  }),
  ...[...pull.timeline].sort((one, other) => (one.created_at < other.created_at ? -1 : 1)),
];

const numberOf = (query: URLSearchParams, name: string, otherwise: number, most = Number.MAX_SAFE_INTEGER) => {
  const asked = Number(query.get(name) ?? otherwise);
  return Number.isInteger(asked) && asked >= 1 ? Math.min(asked, most) : otherwise;
};

/** One page of a list, with links to the others as GitHub writes them. */
function page<Row>(rows: Row[], url: URL, show: (row: Row) => unknown): Answer {
  const size = numberOf(url.searchParams, 'per_page', 30, 100);
  const now = numberOf(url.searchParams, 'page', 1);
  const last = Math.max(1, Math.ceil(rows.length / size));
  const to = (number: number, rel: string) => {
    const other = new URL(url);
    other.searchParams.set('page', String(number));
    return `<${other}>; rel="${rel}"`;
  };
  const links = [
    ...(now > 1 ? [to(now - 1, 'prev')] : []),
    ...(now < last ? [to(now + 1, 'next'), to(last, 'last')] : []),
    ...(now > 1 ? [to(1, 'first')] : []),
  ];
  const body = rows.slice((now - 1) * size, now * size).map(show);
  return { status: 200, body, ...(links.length > 0 && { headers: { link: links.join(', ') } }) };
}

function pullsPage(repository: Repository, url: URL, base: string): Answer {
  const asked = url.searchParams;
  const state = asked.get('state') ?? 'open';
  const column = asked.get('sort') === 'updated' ? 'updated_at' : 'created_at';
  const sign = asked.get('direction') === 'asc' ? 1 : -1;
  const rows = Object.values(repository.pulls)
    .filter(pull => state === 'all' || pull.state === state)
    .sort((one, other) => {
      if (one[column] === other[column]) return sign * (one.number - other.number);
      return one[column] < other[column] ? -sign : sign;
    });
  return page(rows, url, pull => pullOf(pull, repository, base));
}

function commitsPage(repository: Repository, url: URL, base: string): Answer {
  const isEmpty = repository.commits.length === 0 && Object.keys(repository.pulls).length === 0;
  if (isEmpty) return refused(409, 'Git Repository is empty.');
  const [since, until] = [url.searchParams.get('since') ?? '', url.searchParams.get('until') ?? '~'];
  const newestFirst = repository.commits.toSorted((one, other) => (one.date < other.date ? 1 : -1));
  const rows = placed(newestFirst).filter(({ commit }) => commit.date >= since && commit.date <= until);
  return page(rows, url, commit => commitOf(commit, repository, base));
}

/** GET of a repository; `rest` is what follows its name. 404 for what it does not have. */
export function repositoryAnswer(repository: Repository, rest: string, url: URL, base: string): Answer {
  if (rest === '') return { status: 200, body: repositoryOf(repository, base) };
  if (rest === '/pulls') return pullsPage(repository, url, base);
  if (rest === '/commits') return commitsPage(repository, url, base);
  const [, number, part = ''] = /^\/(?:pulls|issues)\/(\d+)(\/commits|\/timeline)?$/.exec(rest) ?? [];
  const pull = repository.pulls[Number(number)];
  if (!pull) return refused(404, 'Not Found');
  if (part === '/commits')
    return page(placed(pull.commits.toReversed()).reverse().slice(0, mostCommits), url, commit =>
      commitOf(commit, repository, base),
    );
  if (part === '/timeline') return page(timelineOf(pull), url, event => event);
  return { status: 200, body: pullOf(pull, repository, base) };
}
