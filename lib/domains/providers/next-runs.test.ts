import { expect, test } from 'vitest';
import { insertConfig } from '@/dev/testing/providers/configs';
import { createWorld } from '@/dev/testing/world';
import { readNextRuns } from '@/lib/domains/providers/next-runs';

const at = (hour: number) => new Date(Date.UTC(2030, 0, 1, hour));

test('the next time of each pipeline is that of its soonest schedule, and nobody else’s', async () => {
  const [world, other] = [await createWorld(), await createWorld()];
  const alone = await insertConfig(world, { pipelineId: 'alone', scheduleCron: '0 2 * * *', nextRunAt: at(2) });
  for (const hour of [5, 4])
    await insertConfig(world, { pipelineId: 'shared', scheduleCron: '0 4 * * *', nextRunAt: at(hour) });
  await insertConfig(world, { pipelineId: 'unscheduled' });
  await insertConfig(other, { pipelineId: 'foreign', scheduleCron: '0 1 * * *', nextRunAt: at(1) });
  expect(Object.fromEntries(await readNextRuns(world.as('VIEWER')))).toEqual({
    alone: { at: at(2), configId: alone.configId },
    shared: { at: at(4), configId: null },
  });
});
