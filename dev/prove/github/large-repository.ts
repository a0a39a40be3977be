/** A server that answers as GitHub about one large repository: everything follows from numbers, so it holds nothing and is fast. */
import { createHash } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

export type Size = { pulls: number; commitsAPull: number };
export const slug = 'acme/large';
const id = 42;

export const shaOf = (number: number): string => createHash('sha1').update(`commit ${number}`).digest('hex');
export const pullId = (number: number): number => 1_000_000 + number;
/** Every tenth was reopened. */
export const isReopened = (number: number): boolean => number % 10 === 0;

const startMs = Date.UTC(2026, 0, 1);
const time = (minute: number) => new Date(startMs + minute * 60_000).toISOString().replace('.000', '');

/** As large as GitHub's own, most of which nobody keeps. */
const padding = 'x'.repeat(8_000);

function pullOf(number: number) {
  const isMerged = number % 3 === 0;
  const closed = isMerged ? time(number + 5) : null;
  return {
    id: pullId(number),
    number,
    title: `Change ${number}`,
    user: { login: `dev-${number % 50}` },
    state: isMerged ? 'closed' : 'open',
    body: padding,
    created_at: time(number),
    updated_at: time(number + 10),
    closed_at: closed,
    merged_at: closed,
    merge_commit_sha: shaOf(number),
    head: { ref: `feature/${number}` },
    base: { ref: 'main', repo: { id } },
  };
}

function commitOf(number: number) {
  const signature = { name: 'Dev', email: `dev-${number % 50}@example.com`, date: time(number) };
  const trailer = number % 2 === 0 ? '\n\nCo-authored-by: Claude <noreply@anthropic.com>' : '';
  return {
    sha: shaOf(number),
    commit: {
      author: signature,
      committer: signature,
      message: `Commit ${number}${trailer}`,
      verification: padding.slice(0, 2_000),
    },
    author: { login: `dev-${number % 50}` },
    parents: number > 1 ? [{ sha: shaOf(number - 1) }] : [],
  };
}

/** Numbers from the newest down, those of one page. */
const newest = (count: number, page: number, size: number) =>
  Array.from(
    { length: Math.max(0, Math.min(size, count - (page - 1) * size)) },
    (_, index) => count - (page - 1) * size - index,
  );

function bodyOf(url: URL, { pulls, commitsAPull }: Size): { body: unknown; isLast: boolean } {
  const page = Number(url.searchParams.get('page') ?? 1);
  const size = Number(url.searchParams.get('per_page') ?? 30);
  const rest = url.pathname.slice(`/repos/${slug}`.length);
  const isLast = (count: number) => page * size >= count;
  if (rest === '') return { body: { id, full_name: slug }, isLast: true };
  if (rest === '/pulls') return { body: newest(pulls, page, size).map(pullOf), isLast: isLast(pulls) };
  const commits = pulls * commitsAPull;
  if (rest === '/commits') return { body: newest(commits, page, size).map(commitOf), isLast: isLast(commits) };
  const number = Number(/^\/(?:pulls|issues)\/(\d+)\//.exec(rest)?.[1]);
  const first = (number - 1) * commitsAPull + 1;
  const own = Array.from({ length: commitsAPull }, (_, index) => commitOf(first + index));
  const events = [{ event: 'closed' }, ...(isReopened(number) ? [{ event: 'reopened' }] : [])];
  return { body: rest.endsWith('/timeline') ? events : own, isLast: true };
}

export type LargeRepository = { url: string; answered: { fresh: number; unchanged: number }; server: Server };

/** Listens on a free port. */
export async function serveLargeRepository(size: Size): Promise<LargeRepository> {
  const answered = { fresh: 0, unchanged: 0 };
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://127.0.0.1');
    const etag = `W/"${createHash('sha1').update(url.href).digest('hex')}"`;
    if (request.headers['if-none-match'] === etag) {
      answered.unchanged++;
      response.writeHead(304, { etag }).end();
      return;
    }
    answered.fresh++;
    const { body, isLast } = bodyOf(url, size);
    const next = new URL(`${url.pathname}${url.search}`, `http://${request.headers.host}`);
    next.searchParams.set('page', String(Number(url.searchParams.get('page') ?? 1) + 1));
    const link = isLast ? {} : { link: `<${next}>; rel="next"` };
    response
      .writeHead(200, { 'content-type': 'application/json; charset=utf-8', etag, ...link })
      .end(JSON.stringify(body));
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, answered, server };
}
