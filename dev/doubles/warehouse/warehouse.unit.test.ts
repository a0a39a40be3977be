import { expect, test } from 'vitest';
import { Warehouse } from '@/dev/doubles/warehouse/warehouse';

/** A warehouse whose clock stands still unless it is moved, and whose statements end when they are told to. */
function warehouse() {
  const ends: (() => void)[] = [];
  let now = 0;
  const double = new Warehouse({
    now: () => now,
    sleep: waitMs => (waitMs === 3_000 ? new Promise(resolve => ends.push(resolve)) : new Promise(() => undefined)),
    durationMs: () => 3_000,
    bytesOf: () => 1_000,
  });
  let jobs = 0;
  return {
    double,
    ends,
    pass: (ms: number) => {
      now += ms;
    },
    merge: (table = 'd.t', jobId = `job_${jobs++}`) =>
      double.answer('POST', '/jobs', {
        jobReference: { jobId },
        configuration: { query: { query: `MERGE \`${table}\` T` } },
      }),
    endOne: async () => {
      ends.shift()?.();
      await new Promise(resolve => setImmediate(resolve));
    },
  };
}

test('a statement that ends in time bills 10 MB at least, and nothing was passed', async () => {
  const { double, merge, endOne } = warehouse();
  expect((await merge()).json).toMatchObject({ status: { state: 'RUNNING' } });
  const results = double.answer('GET', '/queries/job_0');
  await endOne();
  expect((await results).json).toMatchObject({ jobComplete: true, totalBytesProcessed: '1000' });
  expect((await double.answer('GET', '/jobs/job_0')).json).toMatchObject({
    status: { state: 'DONE' },
    statistics: { query: { totalBytesBilled: '10485760' } },
  });
  expect(double.limits).toMatchObject({ passed: [], bytesBilled: 10_485_760, statements: 1, requests: 3 });
});

test('two statements of a table run, 20 wait and run in turn, and the next is refused and noted', async () => {
  const { double, ends, merge, endOne, pass } = warehouse();
  for (let index = 0; index < 22; index++) {
    expect((await merge()).status).toBe(200);
    pass(1_000);
  }
  expect(double.limits.most).toMatchObject({ running: 2, waiting: 20 });
  expect(ends).toHaveLength(2);
  expect((await merge('d.other')).status).toBe(200);
  expect(await merge()).toMatchObject({ status: 400 });
  expect(double.limits.passed).toEqual(['too many DML statements outstanding: d.t']);
  for (let index = 0; index < 23; index++) await endOne();
  expect(double.limits.statements).toBe(23);
  expect(double.limits.most.running).toBe(2);
});

test('25 statements of a table in 10 s are taken, the next is refused and noted; other tables and later ones are not', async () => {
  const { double, merge, endOne, pass } = warehouse();
  for (let index = 0; index < 25; index++) {
    expect((await merge()).status).toBe(200);
    await endOne();
    pass(100);
  }
  expect((await merge('d.other')).status).toBe(200);
  expect(await merge()).toMatchObject({ status: 400 });
  expect(double.limits.passed).toEqual(['too many DML statements in 10 s: d.t']);
  pass(10_000);
  expect((await merge()).status).toBe(200);
});

test('100 requests in a second are taken, the next is refused and noted', async () => {
  const { double, pass } = warehouse();
  for (let index = 0; index < 100; index++) await double.answer('GET', '/jobs/unknown');
  expect(await double.answer('GET', '/jobs/unknown')).toMatchObject({ status: 403 });
  expect(double.limits.passed).toEqual(['too many API requests a second and user']);
  pass(1_000);
  expect(await double.answer('GET', '/jobs/unknown')).toMatchObject({ status: 404 });
});

test('a job id is taken once', async () => {
  const { merge } = warehouse();
  await merge('d.t', 'same');
  expect(await merge('d.t', 'same')).toMatchObject({ status: 409 });
});

test('statements take 2 to 5 s, 3 s on average', () => {
  const samples = Array.from({ length: 10_000 }, (_, index) => Warehouse.serviceMs(() => (index + 0.5) / 10_000));
  expect(Math.min(...samples)).toBeGreaterThanOrEqual(2_000);
  expect(Math.max(...samples)).toBeLessThanOrEqual(5_000);
  expect(samples.reduce((sum, ms) => sum + ms, 0) / samples.length).toBeCloseTo(3_000, -1);
});
