import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createWorld } from '@/dev/testing/world';
import { recordChange } from '@/lib/domains/subscriptions/plan-history';
import { reportMonthJob } from '@/lib/domains/subscriptions/reports/report-jobs';
import { daysOf, monthBefore } from '@/lib/domains/subscriptions/reports/reports';
import { amountText } from '@/lib/domains/subscriptions/reports/reports-csv';
import { storeMonthReport } from '@/lib/domains/subscriptions/reports/reports-store';
import { relayDeps } from '@/lib/edge/worker/mirrors';
import { type Ctx, systemCtx } from '@/lib/kernel/ctx';
import { registerJobs, runJob, skippedBecause } from '@/lib/kernel/jobs';
import { enqueue } from '@/lib/kernel/outbox';
import { db } from '@/lib/platform/db';
import { readArchive } from '@/lib/platform/files/archive-store';
import { flushOnce } from '@/lib/warehouse/mirror/relay';

let folder: string;
const base = () => pathToFileURL(folder).href;
/** A month that no other test writes to, so that its figures stand still. */
const month = '2021-07';
const after = new Date('2021-08-10T12:00:00Z');
const at = (instant: Date): Ctx => systemCtx('test', undefined, () => instant);

// Before anything reads the environment, which the file before may have left it in.
delete process.env.AUDIT_ARCHIVE_URL;
beforeAll(async () => {
  registerJobs([reportMonthJob]);
  folder = await mkdtemp(join(tmpdir(), 'billing-reports-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function textOf(location: string): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of await readArchive(location)) parts.push(part as Buffer);
  return gunzipSync(Buffer.concat(parts)).toString('utf8');
}

test('a month is stored as two files once BigQuery has all of it; storing it again gives the same files', async () => {
  const world = await createWorld();
  const changedAt = new Date(`${month}-05T10:00:00Z`);
  await db().transaction(async tx => {
    await enqueue(tx, await recordChange(tx, null, world.subscription, 'sign_up', changedAt));
  });
  const store = () => storeMonthReport(at(after), month, base(), [world.customerId]);
  await expect(store()).rejects.toMatchObject({ code: 'conflict', message: expect.stringMatching(/lacks \d+ rows/) });
  await flushOnce(relayDeps(), { customers: [world.customerId] });
  const stored = await store();
  const [customersFile = '', changesFile = ''] = stored.files;
  expect(customersFile).toMatch(new RegExp(`/billing/${month}-customers-[0-9a-f]{12}\\.csv\\.gz$`));
  const customers = await textOf(customersFile);
  expect(customers).toContain(
    `\r\n${month},${world.customerId},${world.customer.companyName},STARTER,TRIAL,27,0,0,27,0,1,0,0,0,0\r\n`,
  );
  expect(customers.trim().split('\r\n').length).toBe(stored.customers + 1);
  expect(await textOf(changesFile)).toContain(
    `,${world.customerId},${world.customer.companyName},,STARTER,,TRIAL,sign_up,`,
  );
  expect((await store()).files).toEqual(stored.files);
}, 60_000);

test('a month that still runs is not stored', async () => {
  await expect(storeMonthReport(at(new Date('2021-07-31T23:59:59Z')), month, base(), [])).rejects.toMatchObject({
    code: 'conflict',
  });
});

test('without an archive the job is skipped and says why; nothing fails', async () => {
  const run = await runJob(reportMonthJob.name, 'test');
  expect(run).toMatchObject({ outcome: 'skipped', report: { month: monthBefore(new Date()) } });
  expect(skippedBecause(run)).toContain('AUDIT_ARCHIVE_URL is not set');
});

test('months end where the calendar says, or today; the month before January is December', () => {
  const on = (instant: string) => () => new Date(instant);
  expect(daysOf('2024-02', on('2026-01-01T00:00:00Z'))).toEqual({ firstDay: '2024-02-01', lastDay: '2024-02-29' });
  expect(daysOf('2026-12', on('2027-01-01T00:00:00Z'))).toEqual({ firstDay: '2026-12-01', lastDay: '2026-12-31' });
  expect(daysOf('2026-11', on('2026-11-01T00:00:00Z'))).toEqual({ firstDay: '2026-11-01', lastDay: '2026-11-01' });
  expect(monthBefore(new Date('2027-01-01T00:00:00Z'))).toBe('2026-12');
  expect(monthBefore(new Date('2026-12-31T23:59:59Z'))).toBe('2026-11');
});

test('an amount is written in the unit of its currency', () => {
  expect(amountText(24_905, 'USD')).toBe('249.05');
  expect(amountText(4_900, 'JPY')).toBe('4900');
  expect(amountText(-5, 'EUR')).toBe('-0.05');
});
