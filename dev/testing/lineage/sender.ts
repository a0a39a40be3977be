/** A customer whose orchestrator reports, and what came of it: in Postgres, and as `/v1/runs/{id}` answers it. */
import { and, eq } from 'drizzle-orm';
import { expect } from 'vitest';
import { customerKey } from '@/dev/testing/data-plane';
import { type Told, toldRuns } from '@/dev/testing/lineage/told-runs';
import { createWorld, type World } from '@/dev/testing/world';
import { lineageEvents } from '@/lib/domains/lineage/tables';
import type { Run } from '@/lib/domains/runs/tables';
import { db } from '@/lib/platform/db';

export type Sender = { world: World; key: string };

export async function createSender(): Promise<Sender> {
  const world = await createWorld();
  return { world, key: (await customerKey(world)).text };
}

/** Once every event of theirs was applied. */
export const allApplied = ({ world: { customerId } }: Sender): Promise<void> =>
  expect
    .poll(
      () =>
        db().$count(lineageEvents, and(eq(lineageEvents.customerId, customerId), eq(lineageEvents.status, 'waiting'))),
      {
        timeout: 60_000,
        interval: 100,
      },
    )
    .toBe(0);

/** The customer's only run, once all is applied and it has that status. */
export async function onlyRun(sender: Sender, status: Run['status']): Promise<Told> {
  await expect
    .poll(async () => (await toldRuns(sender.world)).map(({ run }) => run.status), { timeout: 20_000, interval: 100 })
    .toEqual([status]);
  await allApplied(sender);
  const [found] = await toldRuns(sender.world);
  if (!found) throw new Error('the run is gone');
  return found;
}

/** Steps as `type name: status`, in alphabetical order where that of their starts is not told. */
export const namesOf = ({ steps }: Told): string[] =>
  steps.map(step => `${step.stepType} ${step.stepName}: ${step.status}`);

/** Checks as `table: status, passed, failed`. */
export const checksOf = ({ checks }: Told): string[] =>
  checks.map(
    check =>
      `${check.targetTable} by ${check.dqConfigId}: ${check.overallStatus}, ${check.expectationsPassed} passed, ${check.expectationsFailed} failed`,
  );

/** The run, its steps and its checks as a reader by HTTP gets them, once they are there. */
export async function readBack(url: string, sender: Sender, { run, steps, checks }: Told): Promise<void> {
  const get = async (path: string) => {
    const answer = await fetch(`${url}/v1/runs/${run.pipelineLoggingId}${path}`, {
      headers: { authorization: `Bearer ${sender.key}` },
    });
    return (await answer.json()) as Record<string, unknown> & { data: unknown[] };
  };
  await expect
    .poll(() => get(''), { timeout: 20_000 })
    .toMatchObject({
      pipeline_logging_id: run.pipelineLoggingId,
      pipeline_id: run.pipelineId,
      status: run.status,
      origin: 'observed',
    });
  await expect.poll(async () => (await get('/steps')).data.length, { timeout: 20_000 }).toBe(steps.length);
  await expect.poll(async () => (await get('/dq-results')).data.length, { timeout: 20_000 }).toBe(checks.length);
}
