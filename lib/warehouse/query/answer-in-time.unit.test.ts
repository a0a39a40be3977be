import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, expect, test } from 'vitest';
import { BigQueryStatementError, BigQueryUnavailableError } from '@/lib/platform/bigquery/bigquery';
import { forgetProcessWide } from '@/lib/platform/process-wide';
import { inTime, noted } from '@/lib/warehouse/query/answer-in-time';

afterEach(() => {
  forgetProcessWide('warehouse-state');
});

/** After how many ms a question that is never answered is given up. */
async function givenUpAfter(hasOlderRows: boolean): Promise<number> {
  const startedAt = performance.now();
  await expect(inTime(new Promise(() => {}), hasOlderRows)).rejects.toThrow(BigQueryUnavailableError);
  return performance.now() - startedAt;
}

test('an answer in time is the answer', async () => {
  expect(await inTime(sleep(5, 'rows'), true)).toBe('rows');
});

test('a service known to be away holds a page for half a second where older rows can be shown, else for 2.5 s', async () => {
  await noted(Promise.reject(new BigQueryUnavailableError('gone'))).catch(() => undefined);
  const [withRows, without] = await Promise.all([givenUpAfter(true), givenUpAfter(false)]);
  expect(withRows).toBeGreaterThan(450);
  expect(withRows).toBeLessThan(2_000);
  expect(without).toBeGreaterThan(2_400);
});

test.each([
  ['an answer', async () => 'rows'],
  ['a refusal', () => Promise.reject(new BigQueryStatementError('no such column', 'invalidQuery', 'x'))],
])('%s ends that: pages wait again', async (_, ask) => {
  await noted(Promise.reject(new BigQueryUnavailableError('gone'))).catch(() => undefined);
  await noted<unknown>(ask()).catch(() => undefined);
  expect(await inTime(sleep(900, 'rows'), true)).toBe('rows');
});

test('a failure in time is the failure', async () => {
  await expect(inTime(Promise.reject(new Error('wrong')), true)).rejects.toThrow('wrong');
});
