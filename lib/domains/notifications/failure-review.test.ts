import { expect, test } from 'vitest';
import { rowsOf } from '@/dev/testing/messages';
import { insertPastRuns, type PastRun } from '@/dev/testing/runs';
import { createWorld, type World } from '@/dev/testing/world';
import { reviewFailures } from '@/lib/domains/notifications/failure-review';
import { setPreferences } from '@/lib/domains/team/mail-preferences';

/** A Wednesday; the week before it went from Monday 2 to Sunday 8 March 2026. */
const wednesday = new Date('2026-03-11T10:00:00Z');
const failed = (pipelineId: string, day: string, errorMessage: string): PastRun => ({
  pipelineId,
  status: 'FAILED',
  startTime: new Date(`${day}T12:00:00Z`),
  durationMs: 5,
  errorMessage,
});
const tooMany = (attempts: number) => `The provider answered 503 Service Unavailable after ${attempts} attempts.`;

async function fill(world: World): Promise<void> {
  await insertPastRuns(world, [
    failed('costs', '2026-03-02', tooMany(3)),
    failed('usage', '2026-03-08', tooMany(5)),
    failed('costs', '2026-03-05', 'Login failed: password=hunter22'),
    failed('costs', '2026-03-01', tooMany(3)),
    failed('costs', '2026-03-09', tooMany(3)),
    { ...failed('costs', '2026-03-05', 'not needed'), status: 'CANCELLED' },
  ]);
}

test('the last whole week is told by kind of error over all customers, and once to those who chose it', async () => {
  const [one, other, calm] = await Promise.all([createWorld(), createWorld(), createWorld()]);
  await Promise.all([fill(one), fill(other)]);
  await setPreferences(one.as('OWNER'), { mail: ['failure_review'] });
  const customers = [one, other, calm].map(world => world.customerId);
  const review = () => reviewFailures({ clock: () => wednesday, customers });
  const report = await review();
  expect(report).toMatchObject({
    from: '2026-03-02',
    to: '2026-03-08',
    failed_runs: 6,
    customers: 2,
    kinds: 2,
    told: 1,
    most_frequent: [
      {
        pattern: 'The provider answered 503 Service Unavailable after <n> attempts.',
        runs: 4,
        customers: 2,
        pipelines: 4,
        first_seen: new Date('2026-03-02T12:00:00Z'),
        last_seen: new Date('2026-03-08T12:00:00Z'),
      },
      { runs: 2, customers: 2 },
    ],
  });
  expect(JSON.stringify(report)).not.toContain('hunter22');
  const sent = (await rowsOf(one)).filter(row => row.status === 'queued');
  expect(sent).toMatchObject([
    {
      event: 'failure_review',
      recipient: one.members.OWNER.email,
      data: { from: '2026-03-02', to: '2026-03-08', failed: 3, kinds: 2, top: [{ runs: 2 }, { runs: 1 }] },
    },
  ]);
  expect((await review()).told).toBe(0);
  expect((await rowsOf(other)).filter(row => row.status === 'queued')).toEqual([]);
  expect(await rowsOf(calm)).toEqual([]);
});
