import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { operator } from '@/dev/testing/operator';
import { createWorld } from '@/dev/testing/world';
import { relayDeps } from '@/lib/edge/worker/mirrors';
import { flushOnce } from '@/lib/warehouse/mirror/relay';

const month = new Date().toISOString().slice(0, 7);

const run = (...line: string[]) => operator('billing-report', ...line);

test('a month is printed with its customers and changes, or written as two files', async () => {
  const { customerId, customer } = await createWorld();
  await flushOnce(relayDeps(), { customers: [customerId] });
  const { code, out } = await run('--month', month);
  expect(code).toBe(0);
  expect(out).toMatch(new RegExp(`^${customerId}\t${customer.companyName}\t1\t0\t0\t1\t0\t0\t0\t–$`, 'm'));
  expect(out).toMatch(new RegExp(`\t${customerId}\tnew → STARTER TRIAL\tsign_up$`, 'm'));
  const folder = await mkdtemp(join(tmpdir(), 'billing-report-'));
  const file = join(folder, 'report.csv');
  expect((await run('--month', month, '--csv', file)).code).toBe(0);
  expect(await readFile(file, 'utf8')).toContain(`\r\n${month},${customerId},${customer.companyName},STARTER,TRIAL,1,`);
  expect(await readFile(join(folder, 'report-changes.csv'), 'utf8')).toContain(`,${customerId},`);
  await rm(folder, { recursive: true });
}, 60_000);

test('another form of a month, or a stray word, is wrong use; a month to come is refused', async () => {
  expect(await run('--month', '2026-13')).toMatchObject({
    code: 2,
    err: expect.stringMatching(/^--month: write the month as YYYY-MM/),
  });
  expect((await run('2026-10')).code).toBe(2);
  expect(await run('--month', '2099-01')).toMatchObject({ code: 1, out: '' });
});
