import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, expect, test, vi } from 'vitest';
import { BigQueryLateError, BigQueryStatementError, BigQueryUnavailableError } from '@/lib/platform/bigquery/bigquery';
import { forgetProcessWide } from '@/lib/platform/process-wide';
import { inTime, noted } from '@/lib/warehouse/query/answer-in-time';

const warn = vi.hoisted(() => vi.fn());
vi.mock('@/lib/platform/log', () => ({ log: () => ({ warn }) }));

afterEach(() => {
  forgetProcessWide('warehouse-state');
  warn.mockClear();
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

/** Lets questions that have no answer run out of time. */
const lateOnes = (count: number) =>
  Promise.allSettled(Array.from({ length: count }, () => inTime(new Promise(() => {}), true)));

test('one slow question is late, however many wait for it, and takes no patience from the others', async () => {
  const slow = new Promise(() => {});
  const waiting = await Promise.allSettled([1, 2, 3, 4].map(() => inTime(slow, true)));
  for (const one of waiting) expect(one).toMatchObject({ reason: expect.any(BigQueryLateError) });
  expect(await inTime(sleep(900, 'rows'), true)).toBe('rows');
});

test('questions that are late with an answer in between are slow ones, not a service that is away', async () => {
  await lateOnes(2);
  await noted(Promise.resolve('rows'));
  await lateOnes(2);
  expect(await inTime(sleep(900, 'rows'), true)).toBe('rows');
}, 15_000);

test('three that are late with no answer in between are: pages wait less until one answers, and the log has one line', async () => {
  await lateOnes(3);
  expect(warn).toHaveBeenCalledTimes(1);
  const given = inTime(sleep(900, 'rows'), true);
  await expect(given).rejects.toThrow(BigQueryUnavailableError);
  await expect(given).rejects.not.toBeInstanceOf(BigQueryLateError);
  await noted(Promise.resolve('rows'));
  expect(await inTime(sleep(900, 'rows'), true)).toBe('rows');
});

test('a statement that ran too long was answered, if not with rows: BigQuery is there', async () => {
  await noted(Promise.reject(new BigQueryLateError('took longer than 30000 ms'))).catch(() => undefined);
  expect(await inTime(sleep(900, 'rows'), true)).toBe('rows');
});

test('a failure in time is the failure', async () => {
  await expect(inTime(Promise.reject(new Error('wrong')), true)).rejects.toThrow('wrong');
});
