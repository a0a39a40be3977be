/** What was done before a call was cut off is not done again, unless it may be out of date. */
import { eq } from 'drizzle-orm';
import { afterAll, expect, test } from 'vitest';
import { openResumableRun } from '@/lib/kernel/resumable-run';
import { jobRuns } from '@/lib/kernel/tables';
import { db } from '@/lib/platform/db';
import { randomText } from '@/lib/platform/ids';

const used: string[] = [];
const newName = () => {
  const name = `test.resumes_${randomText(8).toLowerCase()}`;
  used.push(name);
  return name;
};
const open = (name: string, version = 'one') => openResumableRun({ name, version, startedBy: 'test' });
const runsOf = (name: string) => db().select().from(jobRuns).where(eq(jobRuns.job, name)).orderBy(jobRuns.startedAt);

afterAll(async () => {
  for (const name of used) await db().delete(jobRuns).where(eq(jobRuns.job, name));
});

test('a run that was left is resumed with what it had done, and is one record when it is finished', async () => {
  const name = newName();
  const first = await open(name);
  expect([...first.done]).toEqual([]);
  for (const part of ['a', 'b', "c's"]) first.markDone(part);
  await first.leave();
  const second = await open(name);
  expect([...second.done]).toEqual(['a', 'b', "c's"]);
  second.markDone('d');
  await second.finish('ok', { parts: 4 });
  expect(await runsOf(name)).toMatchObject([{ outcome: 'ok', report: { parts: 4 }, error: null, startedBy: 'test' }]);
});

test('a finished run is not resumed, whether everything was done or not', async () => {
  const name = newName();
  for (const outcome of ['failed', 'ok'] as const) {
    const run = await open(name);
    expect([...run.done]).toEqual([]);
    run.markDone('a');
    await run.finish(outcome, {});
  }
  expect((await runsOf(name)).map(run => run.outcome)).toEqual(['failed', 'ok']);
});

test('a run of another version, or one begun more than a day ago, is closed and the work begins anew', async () => {
  const name = newName();
  const first = await open(name);
  first.markDone('a');
  await first.leave();
  const second = await open(name, 'two');
  expect([...second.done]).toEqual([]);
  second.markDone('b');
  await second.leave();
  const dayAgo = new Date(Date.now() - 25 * 3_600_000);
  await db().update(jobRuns).set({ startedAt: dayAgo }).where(eq(jobRuns.job, name));
  const third = await open(name, 'two');
  expect([...third.done]).toEqual([]);
  await third.finish('ok', {});
  expect((await runsOf(name)).map(run => run.outcome).sort()).toEqual(['failed', 'failed', 'ok']);
});

test('a second call at the same time is refused and changes nothing', async () => {
  const name = newName();
  const first = await open(name);
  await expect(open(name)).rejects.toMatchObject({ code: 'conflict' });
  first.markDone('a');
  await first.leave();
  const second = await open(name);
  expect([...second.done]).toEqual(['a']);
  await second.finish('ok', {});
});
