/** The operator's commands about GitHub: what a reading came to, what is refused, and how far each repository was read. */
import { expect, test } from 'vitest';
import { operator } from '@/dev/testing/operator';
import { connected, line, someCalled, storeToken } from '@/dev/testing/pull-requests/connected';
import { newRepository, newToken, putCommits, putPulls, revokeToken } from '@/dev/testing/pull-requests/github-double';
import { createWorld } from '@/dev/testing/world';

test('github ingest connects a repository where it is given a credential', async () => {
  const world = await createWorld();
  const token = await newToken();
  const { repo } = await newRepository();
  await putPulls(repo, someCalled(1, 2));
  const typed = ['github', 'ingest', '--repo', repo, '--customer', world.customerId];
  const read = await operator(...typed, '--credential', await storeToken(world, token));
  expect(read).toMatchObject({ code: 0, out: expect.stringContaining('2 pull requests and 0 commits') });
  expect((await operator(...typed)).code).toBe(0);
});

test('github ingest reads a connected repository and says what that took; a repeat is all 304; a failure has its sentence', async () => {
  const world = await createWorld();
  const { repo, token } = await connected(world);
  await putPulls(repo, someCalled(1, 2));
  await putCommits(repo, line('main', 1, 3));
  const ingest = (named = repo) => operator('github', 'ingest', '--repo', named, '--customer', world.customerId);
  const first = await ingest();
  expect(first.code).toBe(0);
  expect(first.out).toMatch(
    /^2 pull requests and 3 commits new or changed in 7 requests, 0 % of them 304; 4,993 of 5,000 requests left/,
  );
  expect((await ingest(`https://github.com/${repo}.git`)).out).toMatch(
    /^0 pull requests .* in 2 requests, 100 % of them 304/,
  );
  const listed = await operator('github', 'sync-state', '--customer', world.customerId);
  expect(listed.out).toMatch(new RegExp(`^${repo}\tSYNCED\t\t.*\t2 requests, 100 % 304\t4993/5000\n$`));
  await revokeToken(token);
  const refused = await ingest();
  expect(refused).toMatchObject({ code: 1, err: expect.stringContaining('GitHub does not accept the token') });
  expect(JSON.stringify(refused)).not.toContain(token);
  expect(await ingest('acme/unknown')).toMatchObject({
    code: 1,
    err: expect.stringContaining('connected no repository'),
  });
  expect(await ingest('no slug')).toMatchObject({ code: 2 });
});
