import { expect, test } from 'vitest';
import { cast } from '@/dev/seed/cast';
import { seededRandom } from '@/dev/seed/random';
import { type ShopOptions, sentBody, shopRequests } from '@/dev/seed/shop-events';
import { checkBody } from '@/lib/domains/events/collect/check-body';

const now = new Date('2031-05-15T14:00:00Z');
const sources = cast.flatMap(({ sources }) => sources);
const made = (change: Partial<ShopOptions> = {}) => {
  const [demo] = sources;
  if (!demo) throw new Error('the demo has no source');
  return shopRequests({ ...demo, random: seededRandom(7), now, ...change });
};

test('every customer of the demo has a source', () => {
  for (const { sources: own } of cast) expect(own.length).toBeGreaterThan(0);
});

test('the same seed makes the same history', () => expect(made()).toEqual(made()));

test('it is of every day, in the order of receipt, and nothing of it lies ahead', () => {
  const requests = made({ days: 30, sessionsPerDay: 10 });
  const times = requests.map(({ receivedAt }) => receivedAt.getTime());
  expect(times).toEqual(times.toSorted((a, b) => a - b));
  expect(Math.max(...times)).toBeLessThan(now.getTime());
  expect(new Set(requests.map(({ receivedAt }) => receivedAt.toISOString().slice(0, 10))).size).toBe(31);
});

test('the door takes all of it but the calls with a mistake', () => {
  const checked = made({ days: 10, sessionsPerDay: 10 }).map(request => checkBody(sentBody(request)));
  const refused = checked.flatMap(one => one.refused.flatMap(({ problems }) => problems.map(({ code }) => code)));
  expect(new Set(refused)).toEqual(new Set(['event_missing']));
  expect(refused.length).toBeLessThan(6);
  expect(checked.every(one => one.accepted > 0)).toBe(true);
});

test('a request that was sent again carries the message ids of the first', () => {
  const requests = made();
  const ids = (at: number) => requests.at(at)?.body.batch.map(call => (call as { messageId: string }).messageId);
  const last = ids(-1);
  expect(requests.slice(0, -1).some((_, at) => JSON.stringify(ids(at)) === JSON.stringify(last))).toBe(true);
});
