import { expect, test } from 'vitest';
import { storedCredential } from '@/dev/testing/credentials/secrets';
import { customerKey } from '@/dev/testing/data-plane';
import { insertConfig } from '@/dev/testing/providers/configs';
import { insertPastRuns } from '@/dev/testing/runs';
import { createWorld } from '@/dev/testing/world';
import { readSetup } from '@/lib/domains/organizations/checklist';

test('the steps are ticked by what was done, and the last one says when', async () => {
  const world = await createWorld({ plan: 'SCALE' });
  const admin = world.as('ADMIN');
  const doneNow = async () => (await readSetup(admin)).items.filter(item => item.done).map(item => item.step);
  // Four members are in it from the start.
  expect(await doneNow()).toEqual(['invite']);
  await customerKey(world, ['runs:write']);
  await storedCredential(world);
  await insertConfig(world);
  expect(await readSetup(admin)).toMatchObject({ completedAt: null });
  const lastWeek = new Date(Date.now() - 7 * 86_400_000);
  await insertPastRuns(world, [{ pipelineId: 'p', status: 'COMPLETED', startTime: lastWeek, durationMs: 1 }]);
  const { items, completedAt } = await readSetup(admin);
  expect(items.map(item => item.done)).toEqual([true, true, true, true, true]);
  expect(Math.abs(Date.now() - (completedAt?.getTime() ?? 0))).toBeLessThan(120_000);
});

test('who did not set the organization up sees no list of it', async () => {
  const world = await createWorld();
  for (const role of ['COLLABORATOR', 'VIEWER'] as const)
    expect(await readSetup(world.as(role))).toEqual({ items: [], completedAt: null });
  for (const role of ['OWNER', 'ADMIN'] as const)
    expect((await readSetup(world.as(role))).items.length).toBeGreaterThan(3);
});
