/** Proofs of the quota over HTTP: exact grants, a limit lowered in the middle, killed workers, one Idempotency-Key at once. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { Agent } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { count, eq, sql } from 'drizzle-orm';
import type { BenchCustomer } from '@/dev/bench/fixtures';
import { createCustomers } from '@/dev/bench/fixtures';
import { type Answered, burst, type Shot, shoot, statuses } from '@/dev/prove/burst';
import { check, say } from '@/dev/prove/report';
import { nodeBinary, tsxArguments } from '@/dev/stack/paths';
import { applyLimits, storedCounter } from '@/lib/domains/quotas/counters';
import { reapOverdueLeases } from '@/lib/domains/runs/start/reaper';
import { runs } from '@/lib/domains/runs/tables';
import { db } from '@/lib/platform/db';

const start = (url: string, customer: BenchCustomer, more: Partial<Shot> = {}): Shot => ({
  url: `${url}/v1/runs`,
  key: customer.key,
  body: { pipeline_id: 'prove', trigger_type: 'api', trigger_by: 'prove' },
  ...more,
});

async function freshCustomer(dailyLimit: number, concurrentLimit = dailyLimit): Promise<BenchCustomer> {
  const [customer] = await createCustomers(1);
  if (!customer) throw new Error('no customer');
  await applyLimits(db(), customer.customerId, { dailyLimit, concurrentLimit });
  return customer;
}

async function storedRuns(customerId: string): Promise<number> {
  const [row] = await db().select({ runs: count() }).from(runs).where(eq(runs.customerId, customerId));
  return row?.runs ?? 0;
}

/** `requests` starts at once, spread over the data planes, against a limit: exactly the limit is granted. */
export async function exactGrants(planes: string[], requests: number, limit: number, rounds: number): Promise<void> {
  for (let round = 1; round <= rounds; round++) {
    const customer = await freshCustomer(limit);
    const shots = Array.from({ length: requests }, (_, index) =>
      start(planes[index % planes.length] as string, customer),
    );
    const began = performance.now();
    const answers = await burst(shots);
    const granted = answers.filter(answer => answer.status === 201).length;
    const [stored, counter] = [await storedRuns(customer.customerId), await storedCounter(db(), customer.customerId)];
    say(
      `round ${round}: ${statuses(answers)} in ${Math.round(performance.now() - began)} ms; rows ${stored}, counter ${counter?.runsToday}`,
    );
    check(
      granted === limit && stored === limit && counter?.runsToday === limit,
      `exactly ${limit} of ${requests} granted`,
    );
  }
}

/** Lowers the limit while starts are in flight; nothing above the new limit is granted after its commit. */
export async function loweredLimit(planes: string[]): Promise<void> {
  const customer = await freshCustomer(5_000);
  const agent = new Agent({ keepAlive: true, maxSockets: 256 });
  const answers: Promise<Answered>[] = [];
  let atCommit = 0;
  const lower = async () => {
    while ((await storedRuns(customer.customerId)) < 500) await sleep(5);
    await db().transaction(async tx => {
      await applyLimits(tx, customer.customerId, { dailyLimit: 1_500 });
      atCommit = (await storedCounter(tx, customer.customerId))?.runsToday ?? 0;
    });
  };
  const lowering = lower();
  for (let index = 0; index < 8_000; index++)
    answers.push(shoot(agent, start(planes[index % planes.length] as string, customer)));
  const all = await Promise.all(answers);
  await lowering;
  agent.destroy();
  const granted = all.filter(answer => answer.status === 201).length;
  const allowed = Math.max(atCommit, 1_500);
  say(`limit 5,000 lowered to 1,500 when ${atCommit} were granted: ${granted} granted in all (${statuses(all)})`);
  check(
    granted === allowed && (await storedRuns(customer.customerId)) === allowed,
    'none granted above the new limit after its commit',
  );
}

/** A process that starts runs and dies by SIGKILL while it holds them; the leases end and the slots come back. */
export async function killedWorkers(plane: string, workers: number): Promise<void> {
  const customer = await freshCustomer(100_000, workers);
  const child = spawn(nodeBinary(), tsxArguments('dev/prove/holder.ts'), {
    env: { ...process.env, HOLD: JSON.stringify({ url: plane, key: customer.key, workers }) },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await once(child.stdout, 'data');
  const held = (await storedCounter(db(), customer.customerId))?.running;
  child.kill('SIGKILL');
  await once(child, 'exit');
  const [refused] = await burst([start(plane, customer)]);
  say(`${held} slots held by workers that were killed; a start at once: ${refused?.status}`);
  check(held === workers && refused?.status === 429, 'killed workers hold their slots until their leases end');
  await db().execute(sql`SELECT pg_sleep(11)`);
  await reapOverdueLeases(500);
  const counter = await storedCounter(db(), customer.customerId);
  const [granted] = await burst([start(plane, customer)]);
  say(`after the leases (10 s): running ${counter?.running}; a start: ${granted?.status}`);
  check(counter?.running === 0 && granted?.status === 201, 'slots are free after the lease');
}

/** The same Idempotency-Key many times at once makes one run. */
export async function oneIdempotencyKey(planes: string[], times: number): Promise<void> {
  const customer = await freshCustomer(1_000);
  const headers = { 'idempotency-key': 'the-same' };
  const answers = await burst(
    Array.from({ length: times }, (_, index) => start(planes[index % planes.length] as string, customer, { headers })),
  );
  const ids = new Set(
    answers.map(answer => (JSON.parse(answer.body) as { pipeline_logging_id?: string }).pipeline_logging_id),
  );
  say(`${times} times one Idempotency-Key: ${statuses(answers)}, ${ids.size} run`);
  check(ids.size === 1 && (await storedRuns(customer.customerId)) === 1, 'one run');
}
