/**
 * `npm run prove -- load-day`: a day of loads for 500 customers with 12 tables each, at three volumes, on a clock of its own;
 * prints how long rows waited and how many jobs it took, and fails where that is more than the budget. Needs no services.
 */
import { dayReport } from '@/dev/prove/load-day/report';
import { simulateDay } from '@/dev/prove/load-day/simulate';
import { seededRandom } from '@/dev/seed/random';

const jobsPerDay = 80_000;

for (const rowsPerDay of [1_000_000, 20_000_000, 400_000_000]) {
  const day = simulateDay({
    customers: 500,
    tablesEach: 12,
    rowsPerDay,
    jobsPerDay,
    intervalSeconds: 60,
    failing: 0.01,
    outageMinutes: 10,
    random: seededRandom(12).next,
  });
  console.log(
    `\n500 customers × 12 tables, ${rowsPerDay.toLocaleString('en')} rows a day, 1 % of loads failing, 10 min without BigQuery:\n`,
  );
  console.log(dayReport(day, jobsPerDay));
  if (day.jobs > jobsPerDay) process.exitCode = 1;
}
