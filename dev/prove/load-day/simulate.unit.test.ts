/** A simulated day of 500 customers with 12 tables each keeps the budget of jobs and gives each class of tables a bounded wait. */
import { expect, test } from 'vitest';
import { lagLines } from '@/dev/prove/load-day/report';
import { simulateDay } from '@/dev/prove/load-day/simulate';
import { seededRandom } from '@/dev/seed/random';

const options = {
  customers: 500,
  tablesEach: 12,
  rowsPerDay: 20_000_000,
  jobsPerDay: 80_000,
  intervalSeconds: 60,
  failing: 0.01,
  outageMinutes: 10,
  random: seededRandom(7).next,
};

test('500 customers × 12 tables: the budget holds, the busiest are loaded within minutes, the quietest within hours', () => {
  const day = simulateDay(options);
  expect(day.jobs).toBeLessThanOrEqual(80_000);
  expect(day.jobs).toBeGreaterThan(60_000);
  const lines = lagLines(day.loads);
  expect(lines.at(-1)?.p95Seconds).toBeLessThan(900);
  for (const line of lines) expect(line.mostSeconds).toBeLessThan(3 * 3_600);
}, 60_000);

test('few jobs for few tables: the budget holds, and all of them move', () => {
  const day = simulateDay({ ...options, customers: 20, rowsPerDay: 1_000_000, jobsPerDay: 2_000 });
  expect(day.jobs).toBeLessThanOrEqual(2_000);
  expect(day.loads.length).toBeGreaterThan(1_500);
});
