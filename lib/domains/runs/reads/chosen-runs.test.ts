import { expect, test } from 'vitest';
import { insertPastRuns } from '@/dev/testing/runs';
import { createWorld } from '@/dev/testing/world';
import { readChosenRuns } from '@/lib/domains/runs/reads/chosen-runs';
import { hasEnded } from '@/lib/domains/runs/rules';
import { runStatuses } from '@/lib/domains/runs/tables';
import { newUuid } from '@/lib/platform/ids';

const past = (pipelineId: string, minutesAgo: number) => ({
  pipelineId,
  status: 'COMPLETED' as const,
  startTime: new Date(Date.now() - minutesAgo * 60_000),
  durationMs: 1_000,
});

test('chosen runs come newest first, without those of another customer and those that are not there', async () => {
  const [world, stranger] = await Promise.all([createWorld(), createWorld()]);
  const own = await insertPastRuns(world, [past('older', 20), past('newer', 10), past('left', 5)]);
  const foreign = await insertPastRuns(stranger, [past('foreign', 1)]);
  const ids = [...own.slice(0, 2), ...foreign].map(run => run.pipelineLoggingId);
  const chosen = await readChosenRuns(world.system, { pipeline_logging_ids: [...ids, newUuid()] });
  expect(chosen.map(run => run.pipelineId)).toEqual(['newer', 'older']);
  expect(await readChosenRuns(world.system, { pipeline_logging_ids: [] })).toEqual([]);
});

test('more than 50 at once are refused', async () => {
  const world = await createWorld();
  const ids = Array.from({ length: 51 }, newUuid);
  await expect(readChosenRuns(world.system, { pipeline_logging_ids: ids })).rejects.toMatchObject({
    code: 'invalid_input',
  });
});

test('queued and running runs have not ended, all others have', () => {
  expect(runStatuses.filter(status => !hasEnded({ status }))).toEqual(['PENDING', 'RUNNING']);
});
