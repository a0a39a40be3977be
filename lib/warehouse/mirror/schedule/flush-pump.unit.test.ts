import { expect, test } from 'vitest';
import { VirtualClock } from '@/dev/prove/mirror-scale/virtual-clock';
import type { MirrorLimits } from '@/lib/warehouse/mirror/schedule/flush-policy';
import { type Flushed, FlushPump } from '@/lib/warehouse/mirror/schedule/flush-pump';
import { type Found, type TableName, tableKey } from '@/lib/warehouse/mirror/schedule/flush-schedule';

const start = Date.UTC(2026, 5, 16);
const limits: MirrorLimits = {
  mergesPerSecond: 10,
  parallelMerges: 20,
  usdPerTenantMonth: 2,
  usdPerMonthAtLeast: 200,
  usdPerTib: 6.25,
};

/** A pump on a virtual clock whose flushes take `flushMs`; what it looked for and flushed is noted. */
function pumpWith(
  flushMs: number,
  more: Partial<MirrorLimits> = {},
  answer: () => Flushed = () => ({ left: 'nothing' }),
) {
  const clock = new VirtualClock(start);
  const committed: Found[] = [];
  const flushed: { key: string; at: number }[] = [];
  const looks: string[] = [];
  let running = 0;
  const most = { running: 0 };
  const pump = new FlushPump(
    {
      time: clock,
      look: async what => {
        looks.push(what);
        return committed.splice(0);
      },
      spent: async () => ({ usdByAccount: new Map(), activeTenants: 1 }),
      flush: async table => {
        flushed.push({ key: tableKey(table), at: clock.now() - start });
        most.running = Math.max(most.running, ++running);
        await clock.sleep(flushMs);
        running--;
        return answer();
      },
      mergeMs: () => 80,
    },
    { ...limits, ...more },
  );
  const stop = new AbortController();
  const done = pump.run(stop.signal);
  return {
    flushed,
    looks,
    most,
    pump,
    commit: (...customers: string[]) => {
      for (const customerId of customers) {
        committed.push({ mirror: 'tenant.runs', customerId, oldestAt: clock.now(), rows: 1, first: false });
      }
    },
    pass: (ms: number) => clock.runUntil(clock.now() + ms),
    end: async () => {
      stop.abort();
      await clock.runUntil(clock.now() + 60_000);
      await done;
    },
  };
}
const table = (customerId: string): TableName => ({ mirror: 'tenant.runs', customerId });
const many = (count: number) => Array.from({ length: count }, (_, index) => `c${index}`);

test('a commit that tells is flushed within a moment, one that does not within the second', async () => {
  const { pump, commit, pass, flushed, end } = pumpWith(100);
  await pass(400);
  commit('told');
  pump.changed();
  await pass(100);
  commit('silent');
  await pass(1_000);
  await end();
  expect(flushed.map(({ key }) => key)).toEqual(['tenant.runs told', 'tenant.runs silent']);
  expect(flushed[0]?.at).toBeLessThan(450);
  expect(flushed[1]?.at).toBeLessThan(1_550);
});

test('where nothing waits it looks once a second, at all of it once a minute, and flushes nothing', async () => {
  const { pass, looks, flushed, end } = pumpWith(100);
  await pass(120_000);
  await end();
  expect(flushed).toEqual([]);
  expect(looks.length).toBeLessThanOrEqual(123);
  expect(looks.filter(what => what === 'all').length).toBeLessThanOrEqual(3);
});

test('commits in quick succession share a look', async () => {
  const { pump, pass, looks, end } = pumpWith(100);
  await pass(500);
  const before = looks.length;
  for (let commits = 0; commits < 100; commits++) {
    pump.changed();
    await pass(10);
  }
  await end();
  expect(looks.length - before).toBeLessThanOrEqual(22);
});

test('no more is begun than the MERGEs a second, and no more runs than may run at a time', async () => {
  const slow = pumpWith(10_000, { parallelMerges: 5 });
  slow.commit(...many(30));
  await slow.pass(9_000);
  expect(slow.flushed).toHaveLength(5);
  await slow.end();
  expect(slow.most.running).toBe(5);

  const quick = pumpWith(50);
  quick.commit(...many(100));
  await quick.pass(5_000);
  await quick.end();
  expect(quick.flushed.length).toBeGreaterThan(45);
  expect(quick.flushed.length).toBeLessThan(55);
});

test('one worker keeps below the requests that the service takes of a user, whatever all together may send', async () => {
  const { commit, pass, flushed, end } = pumpWith(50, { mergesPerSecond: 400, parallelMerges: 500 });
  commit(...many(500));
  await pass(10_000);
  await end();
  expect(flushed.length).toBeGreaterThan(400);
  for (let from = 0; from < 9_000; from += 100) {
    expect(flushed.filter(({ at }) => at >= from && at < from + 1_000).length).toBeLessThan(50);
  }
});

test('a person’s change goes before all that waits for its turn', async () => {
  const { pump, commit, pass, flushed, end } = pumpWith(50);
  commit(...many(100));
  await pass(2_000);
  pump.changed([table('person')]);
  await pass(150);
  await end();
  expect(flushed.slice(-3).map(({ key }) => key)).toContain('tenant.runs person');
});

test('a warehouse that is away is asked less and less often, and at once again when it answers', async () => {
  let away = true;
  const answer = (): Flushed => (away ? { left: 'unchanged', retryMs: 100, away } : { left: 'nothing' });
  const { commit, pass, flushed, end } = pumpWith(1, {}, answer);
  commit(...many(50));
  await pass(60_000);
  const asked = flushed.length;
  expect(asked).toBeLessThan(60);
  away = false;
  await pass(40_000);
  await end();
  expect(flushed.length - asked).toBe(50);
});
