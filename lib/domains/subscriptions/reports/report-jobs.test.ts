import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { useOwnDatabase } from '@/dev/testing/own-database';
import { reportMonthJob } from '@/lib/domains/subscriptions/reports/report-jobs';
import { monthBefore } from '@/lib/domains/subscriptions/reports/reports';
import { registerJobs, runJob } from '@/lib/kernel/jobs';

let folder: string;
let dropDatabase: () => Promise<void>;
beforeAll(async () => {
  registerJobs([reportMonthJob]);
  // Of its own: the job waits for every row of the month that BigQuery has not got, and other tests leave some.
  dropDatabase = await useOwnDatabase();
  folder = await mkdtemp(join(tmpdir(), 'billing-archive-'));
  process.env.AUDIT_ARCHIVE_URL = pathToFileURL(folder).href;
});
afterAll(async () => {
  await dropDatabase();
  await rm(folder, { recursive: true, force: true });
});

test('last month is stored by the first run, and the later ones of the month say where', async () => {
  const month = monthBefore(new Date());
  const first = await runJob(reportMonthJob.name, 'test');
  expect(first).toMatchObject({ outcome: 'ok', error: null });
  const { files } = first.report as { files: string[] };
  expect(files.map(file => file.slice(file.lastIndexOf('/') + 1).replace(/[0-9a-f]{12}/, '#'))).toEqual([
    `${month}-customers-#.csv.gz`,
    `${month}-changes-#.csv.gz`,
  ]);
  const second = await runJob(reportMonthJob.name, 'test');
  expect(second.report).toEqual({ month, stored_before: files });
  expect(await readdir(join(folder, 'billing'))).toHaveLength(2);
}, 60_000);
