/**
 * Drill 4: many workers report at once, on services of the drill's own; then the same while the data plane and BigQuery are
 * killed; then two workers claim what waits. Every row is in BigQuery exactly once and equal to what was sent.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { check, say } from '@/dev/prove/report';
import { allArrived } from '@/dev/prove/reports/compare';
import { Stand } from '@/dev/prove/reports/stand';
import { claimAll, report, type Sizes, type Subject } from '@/dev/prove/reports/workers';
import { customerKey } from '@/dev/testing/data-plane';
import { insertPendingRuns } from '@/dev/testing/runs';
import { createWorld, type World } from '@/dev/testing/world';
import { applyLimits } from '@/lib/domains/quotas/counters';
import { reconcileCounters } from '@/lib/domains/quotas/reconcile';
import { db } from '@/lib/platform/db';

const full: Sizes = { workers: 20, runs: 50, steps: 10, checksAStep: 3 };
const kills = 5;
const pending = 1_000;

/** A fresh customer without limits, and a key of it. */
async function subjectOf(stand: Stand): Promise<{ world: World; subject: Subject }> {
  const world = await createWorld({ plan: 'SCALE' });
  const unlimited = { dailyLimit: 1_000_000, concurrentLimit: 1_000_000, apiCallsMonthLimit: null };
  await applyLimits(db(), world.customerId, unlimited);
  const { text } = await customerKey(world, ['runs:read', 'runs:write']);
  return { world, subject: { url: () => stand.url, key: text, customerId: world.customerId } };
}

async function countsAreRight({ customerId }: World): Promise<void> {
  const { differences } = await reconcileCounters({ repair: false, customerId });
  check(differences.length === 0, 'the counters of the quota are right');
}

/** `disturb` is told after each run how many are done of how many. */
async function reported(
  stand: Stand,
  sizes: Sizes,
  disturb: (done: number, all: number) => void = () => {},
): Promise<void> {
  const { world, subject } = await subjectOf(stand);
  const startedAt = Date.now();
  const all = sizes.workers * sizes.runs;
  const told = await report(subject, sizes, done => disturb(done, all));
  const seconds = (Date.now() - startedAt) / 1000;
  const items = told.steps.length + told.checks.length;
  say(
    `${sizes.workers} workers: ${told.runs.length} runs, ${told.steps.length} steps, ${told.checks.length} checks in ${seconds.toFixed(1)} s (${Math.round(items / seconds)} a second); ${told.repeated} calls were repeated`,
  );
  await allArrived({ customerId: world.customerId, dataset: world.tenantDatasetId }, told, sizes);
  await countsAreRight(world);
}

/** Kills the data plane five times over the runs, and BigQuery once in their middle. */
async function disturbed(stand: Stand, sizes: Sizes): Promise<void> {
  let [planeKills, bigqueryKilled] = [0, false];
  const under: Promise<void>[] = [];
  let free = true;
  const killPlane = async () => {
    await stand.killDataPlane();
    say('the data plane was killed and started again');
    free = true;
  };
  const killBigQuery = async () => {
    await stand.killBigQuery(() => sleep(5_000));
    say('BigQuery was killed, away for 5 s and started again');
  };
  await reported(stand, sizes, (done, all) => {
    if (free && planeKills < kills && done >= ((planeKills + 0.5) * all) / (kills + 1)) {
      planeKills++;
      free = false;
      under.push(killPlane());
    }
    if (!bigqueryKilled && done >= all / 2) {
      bigqueryKilled = true;
      under.push(killBigQuery());
    }
  });
  await Promise.all(under);
  check(planeKills === kills && bigqueryKilled, `the data plane was killed ${kills} times, BigQuery once`);
}

async function claimed(stand: Stand): Promise<void> {
  const { world, subject } = await subjectOf(stand);
  const ids = (await insertPendingRuns(world, pending)).map(run => run.pipelineLoggingId);
  const startedAt = Date.now();
  const [one = [], other = []] = await Promise.all([claimAll(subject), claimAll(subject)]);
  const seconds = (Date.now() - startedAt) / 1000;
  const all = [...one, ...other];
  say(
    `${pending} runs waited; ${one.length} and ${other.length} claimed, ${new Set(all).size} different, in ${seconds.toFixed(1)} s`,
  );
  check(
    all.length === pending && new Set(all).size === pending && ids.every(id => all.includes(id)),
    'each run that waited was claimed once',
  );
  await countsAreRight(world);
}

/** All three on one stand. `scale` divides the number of runs, for a machine that has less time. */
export async function reportsDrill(scale = 1): Promise<void> {
  const sizes = { ...full, runs: Math.max(1, Math.round(full.runs / scale)) };
  const stand = await Stand.open(say);
  try {
    console.log('Many workers report at once');
    await reported(stand, sizes);
    console.log('The same while the data plane and BigQuery are killed');
    await disturbed(stand, sizes);
    console.log('Two workers claim what waits');
    await claimed(stand);
  } finally {
    await stand.close();
  }
}
