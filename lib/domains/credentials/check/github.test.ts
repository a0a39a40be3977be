/** A GitHub token as the connection test finds it, by GitHub's double. */
import { expect, test } from 'vitest';
import { newToken, nextAnswers, revokeToken } from '@/dev/testing/pull-requests/github-double';
import { checkSecret } from '@/lib/domains/credentials/check/check-secret';

const check = (token: string, timeoutMs = 5_000) =>
  checkSecret({ secret: { kind: 'github_token', token }, requiredPermissions: [], customerId: 'cus_test', timeoutMs });

test('a sound token goes through and tells whose it is; a classic one its scopes', async () => {
  const classic = await check(await newToken({ login: 'ada', scopes: ['repo', 'read:org'] }));
  expect(classic).toMatchObject({ outcome: 'ok', account_id: 'ada', scopes: ['repo', 'read:org'] });
  expect(classic.steps.at(-1)).toMatchObject({ outcome: 'ok', message: 'Has repo, read:org.' });
  const fine = await newToken({ login: 'ada', scopes: undefined });
  expect((await check(fine)).steps.map(({ outcome }) => outcome)).toEqual(['ok', 'ok', 'skipped']);
});

test('one that GitHub does not know, or no longer, does not sign in, and nothing of it is repeated', async () => {
  const token = await newToken();
  await revokeToken(token);
  for (const bad of [token, `ghp_${'x'.repeat(36)}`]) {
    const result = await check(bad);
    expect([result.outcome, ...result.steps.map(({ outcome }) => outcome)]).toEqual([
      'rejected',
      'ok',
      'failed',
      'skipped',
    ]);
    expect(JSON.stringify(result)).not.toContain(bad.slice(4));
  }
});

test('GitHub being down or slow is not the fault of the token', async () => {
  const token = await newToken();
  await nextAnswers({ path: '/user', token, status: 503 });
  expect(await check(token)).toMatchObject({ outcome: 'untested' });
  await nextAnswers({ path: '/user', token, status: 200, hang_ms: 5_000 });
  const slow = await check(token, 300);
  expect([slow.outcome, slow.steps[0]?.message]).toEqual(['untested', expect.stringMatching(/did not answer in time/)]);
});
