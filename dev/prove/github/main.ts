/** A repository of 10,000 pull requests and 50,000 commits is read whole by processes that are killed, in bounded memory, and asked for once. */
import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { eq } from 'drizzle-orm';
import { benchDatabase, runningServices } from '@/dev/bench/database';
import { createCustomers } from '@/dev/bench/fixtures';
import {
  isReopened,
  type LargeRepository,
  pullId,
  serveLargeRepository,
  shaOf,
  slug,
} from '@/dev/prove/github/large-repository';
import { rssMbOf } from '@/dev/prove/memory';
import { allHeld, check, say } from '@/dev/prove/report';
import { checkoutDir, nodeBinary, tsxArguments } from '@/dev/stack/paths';
import { createCredential } from '@/lib/domains/credentials/commands';
import { connectRepository } from '@/lib/domains/pull-requests/repositories/connect';
import { commits, pullRequestCommits, pullRequests } from '@/lib/domains/pull-requests/tables';
import { systemCtx } from '@/lib/kernel/ctx';
import { closeDb, db } from '@/lib/platform/db';

const { values } = parseArgs({
  args: process.argv.slice(3),
  options: { pulls: { type: 'string', default: '10000' }, kills: { type: 'string', default: '5' } },
});
const size = { pulls: Number(values.pulls), commitsAPull: 5 };
const kills = Number(values.kills);
const mostMb = 512;
/** A lease and a little: who reads after a kill has a clock so far ahead instead of waiting for its end. */
const leaseMs = 121_000;

async function connect(): Promise<{ customerId: string; repositoryId: string }> {
  const [made] = await createCustomers(1);
  if (!made) throw new Error('there is no customer to read for');
  const { customerId, tenantDatasetId } = made;
  const ctx = systemCtx('prove', { customerId, tenantDatasetId });
  const secret = { kind: 'github_token', token: `ghp_${randomBytes(18).toString('hex')}` };
  const { result: credential } = await createCredential(ctx, { name: 'GitHub', secret });
  const { result } = await connectRepository(ctx, { repo: slug, credential_id: credential.credential_id });
  return { customerId, repositoryId: result.repository.repository_id };
}

const start = (repositoryId: string, killed: number): ChildProcess =>
  spawn(nodeBinary(), [...tsxArguments('dev/prove/github/reader.ts'), repositoryId, String(killed * leaseMs)], {
    cwd: checkoutDir,
    stdio: ['ignore', 'ignore', 'inherit'],
  });

/** Samples its memory until it ends, or kills it after `killAfterMs`. */
async function watch(child: ChildProcess, killAfterMs: number, samples: number[]): Promise<boolean> {
  const exit = once(child, 'exit');
  const end = Date.now() + killAfterMs;
  while (child.exitCode === null && child.signalCode === null && Date.now() < end) {
    await Promise.race([sleep(500), exit]);
    if (child.pid && child.exitCode === null && child.signalCode === null) samples.push(rssMbOf(child.pid));
  }
  if (child.exitCode === null) child.kill('SIGKILL');
  const [code, signal] = await exit;
  if (code !== null && code !== 0) throw new Error(`a reader ended with ${code}`);
  return signal === null;
}

async function readUnderKills(repositoryId: string): Promise<number[]> {
  const samples: number[] = [];
  for (let killed = 0; killed < kills; killed++)
    if (await watch(start(repositoryId, killed), 2_000 + Math.random() * 4_000, samples))
      throw new Error('it was over before a kill');
  // The memory of the one that reads most of it.
  const last: number[] = [];
  await watch(start(repositoryId, kills), 3_600_000, last);
  return last;
}

async function compare(customerId: string): Promise<void> {
  const pulls = await db().select().from(pullRequests).where(eq(pullRequests.customerId, customerId));
  const numbers = new Map(pulls.map(pull => [pull.number, pull]));
  const all = Array.from({ length: size.pulls }, (_, index) => index + 1);
  check(
    pulls.length === size.pulls && all.every(number => numbers.get(number)?.id === pullId(number)),
    `all ${size.pulls} pull requests are there, once`,
  );
  check(
    all.every(number => numbers.get(number)?.reopened === isReopened(number)),
    'those that were reopened say so',
  );
  check(
    pulls.every(
      pull => pull.commitCount === size.commitsAPull && pull.detailsOf?.getTime() === pull.updatedAt.getTime(),
    ),
    'each has its commits',
  );
  const shas = new Set(
    (await db().select({ sha: commits.sha }).from(commits).where(eq(commits.customerId, customerId))).map(
      ({ sha }) => sha,
    ),
  );
  const count = size.pulls * size.commitsAPull;
  check(
    shas.size === count && Array.from({ length: count }, (_, index) => shaOf(index + 1)).every(sha => shas.has(sha)),
    `all ${count} commits are there`,
  );
  const places = await db().$count(pullRequestCommits, eq(pullRequestCommits.customerId, customerId));
  check(places === count, `${places} commits stand in pull requests`);
}

const level = (samples: number[]) => {
  const sorted = samples.toSorted((one, other) => one - other);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
};

async function prove({ answered }: LargeRepository): Promise<void> {
  const { customerId, repositoryId } = await connect();
  const beganMs = performance.now();
  const samples = await readUnderKills(repositoryId);
  say(
    `read in ${((performance.now() - beganMs) / 1_000).toFixed(0)} s, killed ${kills} times: ${answered.fresh} answers, ${answered.unchanged} were 304`,
  );
  await compare(customerId);
  const needed = 1 + size.pulls / 100 + (size.pulls * size.commitsAPull) / 100 + 2 * size.pulls;
  check(
    answered.fresh <= needed + 4 * kills,
    `${needed} questions were needed, ${answered.fresh} were answered in full`,
  );
  const quarter = (number: number) =>
    level(samples.slice(Math.floor(((number - 1) * samples.length) / 4), Math.ceil((number * samples.length) / 4)));
  const most = Math.max(...samples);
  const quarters = [1, 2, 3, 4].map(number => `${quarter(number).toFixed(0)} MB`).join(', ');
  say(`memory by quarters of the time: ${quarters}; ${most.toFixed(0)} MB at most`);
  check(most < mostMb, `never above ${mostMb} MB`);
  // A process takes what it needs in its first quarter.
  check(quarter(4) < quarter(2) * 1.15, 'it does not grow with what was read');
  const before = { ...answered };
  await watch(start(repositoryId, kills + 1), 60_000, []);
  check(
    answered.fresh === before.fresh && answered.unchanged === before.unchanged + 2,
    'a second reading is two questions, both 304',
  );
}

const services = await runningServices();
const database = await benchDatabase(services.env.DATABASE_URL ?? '');
const github = await serveLargeRepository(size);
Object.assign(process.env, services.env, {
  DATABASE_URL: database.url,
  GITHUB_API_URL: github.url,
  LOG_LEVEL: 'error',
});
try {
  await prove(github);
} finally {
  github.server.close();
  github.server.closeAllConnections();
  await closeDb();
  await database.drop();
}
if (!allHeld()) process.exitCode = 1;
