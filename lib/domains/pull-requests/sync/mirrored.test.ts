/** What is read of GitHub arrives in the customer's own dataset, and follows what changes. Source: docs/spec/requirements.md, T-27. */
import { eq } from 'drizzle-orm';
import { afterAll, expect, test } from 'vitest';
import { connected, line, minute, someCalled, storeToken } from '@/dev/testing/pull-requests/connected';
import { newToken, putCommits, putPulls, renameRepository } from '@/dev/testing/pull-requests/github-double';
import { sync } from '@/dev/testing/pull-requests/reading';
import { createWorld, type World } from '@/dev/testing/world';
import {
  commitsMirror,
  etagStateMirror,
  pullRequestDetailsMirror,
  pullRequestsMirror,
} from '@/lib/domains/pull-requests/mirror';
import { repositories } from '@/lib/domains/pull-requests/tables';
import { relayDeps } from '@/lib/edge/worker/mirrors';
import { bigquery, bigqueryRequest, runStatement } from '@/lib/platform/bigquery/bigquery';
import { db } from '@/lib/platform/db';
import type { Mirror } from '@/lib/warehouse/mirror/define-mirror';
import { flushOnce } from '@/lib/warehouse/mirror/relay';
import { verifyMirror } from '@/lib/warehouse/mirror/verify';

const worlds: World[] = [];
afterAll(async () => {
  const drop = ({ tenantDatasetId: dataset }: World) =>
    bigqueryRequest(bigquery(), { method: 'DELETE', uri: `/datasets/${dataset}`, qs: { deleteContents: true } });
  await Promise.allSettled(worlds.map(drop));
});

const mirrors = [pullRequestsMirror, pullRequestDetailsMirror, commitsMirror, etagStateMirror] as unknown as Mirror[];

/** Sends what waits; answers where the copies are not as Postgres. */
async function differences(customerId: string): Promise<unknown[]> {
  const deps = relayDeps();
  await flushOnce(deps, { mirrors: mirrors.map(({ name }) => name), customers: [customerId] });
  const found: unknown[] = [];
  for (const mirror of mirrors)
    for await (const verified of verifyMirror(deps, mirror, customerId)) found.push(...verified.differences);
  return found;
}

test('the copies are as Postgres after the first reading, after changes, a rename and another token', async () => {
  const world = await createWorld();
  worlds.push(world);
  const { customerId, tenantDatasetId: dataset } = world;
  const { repo, repositoryId } = await connected(world);
  const pulls = someCalled(1, 3);
  await putPulls(repo, pulls);
  await putCommits(repo, line('main', 1, 4));
  await sync(repositoryId);
  expect(await differences(customerId)).toEqual([]);
  const rows = async (sql: string) => (await runStatement({ name: 'test/read', sql }, bigquery())).rows;
  const counted = await rows(`SELECT (SELECT COUNT(*) FROM \`${dataset}.pull_requests\`) AS pulls,
    (SELECT COUNT(*) FROM \`${dataset}.commits\`) AS commits, (SELECT COUNT(*) FROM \`${dataset}.etag_state\`) AS etags`);
  expect(counted.map(({ pulls, commits, etags }) => [pulls, commits, etags].map(Number))).toEqual([[3, 4, 8]]);
  const to = `${repo}-renamed`;
  await renameRepository(repo, to);
  await putPulls(to, [
    { ...pulls[0]!, state: 'closed', merged_at: minute(8), closed_at: minute(8), updated_at: minute(9) },
  ]);
  const credentialId = await storeToken(world, await newToken());
  await db().update(repositories).set({ credentialId }).where(eq(repositories.repositoryId, repositoryId));
  await sync(repositoryId);
  expect(await differences(customerId)).toEqual([]);
  expect(
    await rows(`SELECT state, repo_slug, repo_names FROM \`${dataset}.pull_requests\`
    JOIN \`${dataset}.pull_request_details\` USING (id) WHERE number = 1`),
  ).toMatchObject([{ state: 'merged', repo_slug: to, repo_names: [repo, to] }]);
});
