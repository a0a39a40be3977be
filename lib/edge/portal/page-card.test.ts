import { expect, test } from 'vitest';
import { cardData, freshnessOf } from '@/lib/edge/portal/page-card';
import { AppError } from '@/lib/platform/errors';
import type { RowsAge } from '@/lib/warehouse/query/rows-age';

const at = (time: string) => new Date(`2026-11-21T${time}Z`);
const age = (over: Partial<RowsAge> = {}): RowsAge => ({
  readAt: at('02:00:00'),
  state: 'current',
  pendingSince: null,
  ...over,
});

test('a card whose warehouse is away fails alone, with a sentence', async () => {
  const away = new AppError('warehouse_unavailable', 'The data could not be loaded. Try again shortly.');
  expect(await cardData('req', Promise.reject(away))).toEqual({ ok: false, reason: away.message });
});

test('an unknown error tells the visitor nothing of itself', async () => {
  const failed = await cardData('req', Promise.reject(new Error('column secret_salary does not exist')));
  expect(failed).toEqual({ ok: false, reason: 'Something failed on our side.' });
});

test('a refusal and a redirect are the whole page’s, not a card’s', async () => {
  const refused = new AppError('forbidden', 'Your role does not allow this.');
  await expect(cardData('req', Promise.reject(refused))).rejects.toBe(refused);
  const redirect = Object.assign(new Error('NEXT_REDIRECT'), { digest: 'NEXT_REDIRECT;replace;/signin' });
  await expect(cardData('req', Promise.reject(redirect))).rejects.toBe(redirect);
});

test('the worst answer decides how old a page is', () => {
  expect(freshnessOf([])).toEqual({ state: 'current' });
  expect(freshnessOf([age(), age()])).toEqual({ state: 'current' });
  const behind = age({ pendingSince: at('02:00:05') });
  expect(freshnessOf([age({ pendingSince: at('02:00:09') }), behind])).toEqual({
    state: 'behind',
    asOf: at('02:00:05'),
  });
  const refreshing = age({ state: 'refreshing', readAt: at('01:59:40') });
  expect(freshnessOf([age(), behind, refreshing])).toEqual({ state: 'behind', asOf: at('01:59:40') });
  const limited = age({ state: 'limited', readAt: at('01:58:00') });
  expect(freshnessOf([limited, refreshing])).toEqual({ state: 'limited', readAt: at('01:58:00') });
  const slow = age({ state: 'slow', readAt: at('01:57:00') });
  expect(freshnessOf([slow, limited, refreshing])).toEqual({ state: 'slow', readAt: at('01:57:00') });
  const away = age({ state: 'unavailable', readAt: at('01:30:00') });
  expect(freshnessOf([limited, away, slow, age({ state: 'unavailable' })])).toEqual({
    state: 'unavailable',
    readAt: at('01:30:00'),
  });
});

test('a customer that asked too much in this minute sees a sentence in the card’s place', async () => {
  const spent = new AppError('rate_limited', 'Try again in 20 s.', { retryAfterSeconds: 20 });
  expect(await cardData('req', Promise.reject(spent))).toEqual({ ok: false, reason: 'Try again in 20 s.' });
});
