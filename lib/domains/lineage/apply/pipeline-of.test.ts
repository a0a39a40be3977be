/** Jobs whose names are long, or look alike. */
import { randomBytes } from 'node:crypto';
import { eq } from 'drizzle-orm';
import { expect, test } from 'vitest';
import { keptEvents } from '@/dev/testing/lineage/events';
import { story } from '@/dev/testing/lineage/story';
import { tell, toldRun } from '@/dev/testing/lineage/told-runs';
import { createWorld } from '@/dev/testing/world';
import { hashedPipelineId, jobHashOf, pipelineOf, plainPipelineId } from '@/lib/domains/lineage/apply/pipeline-of';
import { lineagePipelines } from '@/lib/domains/lineage/tables';
import { db } from '@/lib/platform/db';

/** Text that cannot be made shorter by compression, as that would let it into a key. */
const text = (length: number): string => randomBytes(length).toString('base64url').slice(0, length);

test('a run whose namespace and name are as long as they may be is there', async () => {
  const [world, { run }] = [await createWorld(), story()];
  const named = { namespace: text(2_000), name: text(2_000) };
  await tell(world, [run(named).event('COMPLETE', 5)]);
  expect((await keptEvents(world.customerId)).map(({ status }) => status)).toEqual(['applied']);
  expect((await toldRun(world)).run).toMatchObject({ jobNamespace: named.namespace, jobName: named.name });
});

test('a run whose children name it at any length is there, its name cut to what a job’s may be', async () => {
  const [world, { run, step }] = [await createWorld(), story()];
  const named = { namespace: text(9_000), name: text(9_000) };
  await tell(world, [step(run(), { name: 'load' }, named).event('START', 5)]);
  expect((await keptEvents(world.customerId)).map(({ status }) => status)).toEqual(['applied']);
  expect((await toldRun(world)).run).toMatchObject({
    jobNamespace: named.namespace.slice(0, 2_000),
    jobName: named.name.slice(0, 2_000),
  });
});

test('jobs whose hashes begin alike are told apart by more of them', async () => {
  const { customerId } = await createWorld();
  const job = { namespace: 'b', name: 'load' };
  const taken = [plainPipelineId('load'), hashedPipelineId(job), hashedPipelineId(job, 12)];
  for (const [index, pipelineId] of taken.entries()) {
    const other = { namespace: `other ${index}`, name: 'load' };
    await db()
      .insert(lineagePipelines)
      .values({ customerId, jobHash: jobHashOf(other), ...other, pipelineId });
  }
  const found = () => db().transaction(tx => pipelineOf(tx, customerId, job));
  expect(await found()).toBe(hashedPipelineId(job, 16));
  expect(await found()).toMatch(/^load_[\da-f]{16}$/);
  const rows = await db().select().from(lineagePipelines).where(eq(lineagePipelines.customerId, customerId));
  expect(rows).toHaveLength(4);
});
