/** GitHub's double as Octokit finds it: lists page by page, ETags, limits, refusals, renames, and emulate's own repositories behind it. */
import { createHash } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Octokit } from '@octokit/core';
import { verify } from '@octokit/webhooks-methods';
import { expect, test } from 'vitest';
import {
  deliver,
  githubUrl,
  newRepository,
  newToken,
  nextAnswers,
  putCommits,
  putPulls,
  removeRepository,
  renameRepository,
  requestsBy,
  revokeToken,
  setRate,
} from '@/dev/testing/pull-requests/github-double';

const clientOf = (token: string) => new Octokit({ auth: token, baseUrl: githubUrl() });
const shaOf = (text: string) => createHash('sha1').update(text).digest('hex');
const at = (minute: number) => new Date(Date.UTC(2026, 0, 1, 0, minute)).toISOString();
const commitAt = (minute: number) => ({ sha: shaOf(String(minute)), message: `Change ${minute}`, date: at(minute) });

const splitOf = (repo: string) => {
  const [owner = '', name = ''] = repo.split('/');
  return { owner, repo: name };
};

async function readAll(client: Octokit, repo: string): Promise<number[]> {
  const numbers: number[] = [];
  for (let page = 1; ; page++) {
    const { data, headers } = await client.request('GET /repos/{owner}/{repo}/pulls', {
      ...splitOf(repo),
      state: 'all',
      sort: 'updated',
      direction: 'desc',
      per_page: 100,
      page,
    });
    numbers.push(...data.map(({ number }) => number));
    if (!headers.link?.includes('rel="next"')) return numbers;
  }
}

test('pull requests come page by page, the last changed first, with their commits and timeline', async () => {
  const client = clientOf(await newToken());
  const { repo } = await newRepository();
  const pulls = Array.from({ length: 250 }, (_, index) => index + 1).map(number => ({
    number,
    created_at: at(0),
    updated_at: at(number),
  }));
  await putPulls(repo, pulls);
  expect(await readAll(client, repo)).toEqual(pulls.map(({ number }) => number).reverse());
  await putPulls(repo, [
    {
      ...pulls[6]!,
      number: 7,
      login: null,
      updated_at: at(900),
      commits: [{ ...commitAt(1), login: 'ada', email: 'ada@example.com' }],
      timeline: [{ event: 'reopened', created_at: at(5) }],
    },
  ]);
  expect((await readAll(client, repo))[0]).toBe(7);
  const one = { ...splitOf(repo), pull_number: 7 };
  expect((await client.request('GET /repos/{owner}/{repo}/pulls/{pull_number}', one)).data.user).toBeNull();
  const { data: commits } = await client.request('GET /repos/{owner}/{repo}/pulls/{pull_number}/commits', one);
  expect(commits.map(({ author, commit }) => [author?.login, commit.author?.email])).toEqual([
    ['ada', 'ada@example.com'],
  ]);
  const timeline = { ...splitOf(repo), issue_number: 7 };
  const { data: events } = await client.request('GET /repos/{owner}/{repo}/issues/{issue_number}/timeline', timeline);
  expect(events.map(({ event }) => event)).toEqual(['committed', 'reopened']);
});

test('an unchanged answer is 304 and costs nothing of the limit; a changed one is whole', async () => {
  const token = await newToken({ limit: 3 });
  const client = clientOf(token);
  const { repo } = await newRepository();
  await putCommits(repo, [commitAt(1)]);
  const list = (etag = '') =>
    client.request('GET /repos/{owner}/{repo}/commits', { ...splitOf(repo), headers: { 'if-none-match': etag } });
  const first = await list();
  expect(first.headers['x-ratelimit-remaining']).toBe('2');
  const again = await list(first.headers.etag).catch(error => error);
  expect([again.status, again.response.headers['x-ratelimit-remaining']]).toEqual([304, '2']);
  await putCommits(repo, [commitAt(2)]);
  const { data } = await list(first.headers.etag);
  expect(data.map(({ parents }) => parents.map(({ sha }) => sha))).toEqual([[commitAt(1).sha], []]);
  await setRate(token, 3, 60);
  const spent = await list().catch(error => error);
  expect([spent.status, spent.response.headers['x-ratelimit-remaining']]).toEqual([403, '0']);
  const seen = await requestsBy(token);
  expect(seen.map(({ status, conditional }) => [status, conditional])).toEqual([
    [200, true],
    [304, true],
    [200, true],
    [403, true],
  ]);
});

test('unknown and revoked tokens are 401, hidden and removed repositories 404, renamed ones lead on, faults come as told', async () => {
  const token = await newToken();
  const client = clientOf(token);
  const { repo, id } = await newRepository();
  const one = () => client.request('GET /repos/{owner}/{repo}', splitOf(repo));
  const statusOf = (asked: Promise<unknown>) =>
    asked.then(
      () => 200,
      error => error.status,
    );
  expect(await statusOf(clientOf('ghp_unknown').request('GET /user'))).toBe(401);
  await nextAnswers({ path: `/repos/${repo}`, status: 429, headers: { 'retry-after': '7' }, skip: 1 });
  expect(await statusOf(one())).toBe(200);
  const limited = await one().catch(error => error);
  expect([limited.status, limited.response.headers['retry-after']]).toEqual([429, '7']);
  await renameRepository(repo, `${repo}-renamed`);
  const moved = await fetch(`${githubUrl()}/repos/${repo}/pulls?page=2`, {
    redirect: 'manual',
    headers: { authorization: `Bearer ${token}` },
  });
  expect([moved.status, moved.headers.get('location')]).toEqual([
    301,
    `${githubUrl()}/repositories/${id}/pulls?page=2`,
  ]);
  expect((await one()).data.full_name).toBe(`${repo}-renamed`);
  const hidden = await newRepository({ readers: ['ghp_other'] });
  expect(await statusOf(client.request('GET /repos/{owner}/{repo}', splitOf(hidden.repo)))).toBe(404);
  await removeRepository(repo);
  expect(await statusOf(one())).toBe(404);
  await revokeToken(token);
  expect(await statusOf(client.request('GET /user'))).toBe(401);
});

test('repositories that nobody put in are emulate’s own', async () => {
  const client = clientOf(await newToken());
  const name = `real-${shaOf(String(process.hrtime.bigint())).slice(0, 8)}`;
  const { data } = await client.request('POST /user/repos', { name, auto_init: true });
  const { headers } = await client.request('GET /repos/{owner}/{repo}/commits', splitOf(data.full_name));
  expect(headers.etag).toMatch(/^W\/"/);
});

test('a webhook is signed over the bytes that are sent', async () => {
  const received = new Promise<{ signature: string; body: string }>(resolve => {
    const server = createServer(async (request, response) => {
      const parts: Buffer[] = [];
      for await (const part of request) parts.push(part as Buffer);
      response.end('taken');
      server.close();
      resolve({ signature: String(request.headers['x-hub-signature-256']), body: String(Buffer.concat(parts)) });
    });
    server.listen(0, '127.0.0.1', async () => {
      const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
      await deliver({ url, secret: 'of this test', payload: { action: 'opened' }, form: true });
    });
  });
  const { signature, body } = await received;
  expect(await verify('of this test', body, signature)).toBe(true);
  expect(body).toBe('payload=%7B%22action%22%3A%22opened%22%7D');
});
