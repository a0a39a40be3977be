/** Which errors of a connection are told apart. */
import { expect, test } from 'vitest';
import { idleInTransactionMs, isDatabaseDown, isEndedForIdling } from '@/lib/platform/errors';

test('a connection that broke is an outage, unless its transaction had been held for as long as Postgres lets one idle', () => {
  const broke = new Error('Failed query', { cause: new Error('Connection terminated unexpectedly') });
  expect(isDatabaseDown(broke)).toBe(true);
  expect(isEndedForIdling(broke, idleInTransactionMs - 1)).toBe(false);
  expect(isEndedForIdling(broke, idleInTransactionMs)).toBe(true);
  expect(isEndedForIdling(Object.assign(new Error('idle'), { code: '25P03' }), 0)).toBe(true);
  // A network that swallows everything is noticed after as long; that is nobody's doing.
  expect(isEndedForIdling(new Error('Query read timeout'), 60_000)).toBe(false);
  expect(isEndedForIdling(Object.assign(new Error('gone'), { code: 'ETIMEDOUT' }), 60_000)).toBe(false);
});
