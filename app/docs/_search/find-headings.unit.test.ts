import { expect, test } from 'vitest';
import { docsHeadings } from '@/app/docs/_content/headings';
import { findHeadings } from '@/app/docs/_search/find-headings';

const headings = docsHeadings({ dataPlane: 'https://data.example', portal: 'https://portal.example' });
const found = (question: string) => findHeadings(headings, question, 5).map(({ href }) => href);

test('words in any order, begun, and with a slip find the same heading', () => {
  for (const question of ['rate limits', 'limits rate', 'rate lim', 'rate limts', 'RATE  Limits!'])
    expect(found(question), question).toContain('/docs/authentication#rate-limits');
});

test('an error code is found by its name, with and without underscores', () => {
  expect(found('invalid_key')[0]).toBe('/docs/errors#invalid_key');
  expect(found('quota exceeded')[0]).toBe('/docs/errors#quota_exceeded');
});

test('a call is found by its path', () => {
  expect(found('/v1/runs/claim')).toContain('/docs/api/runs-that-wait#claimRun');
});

test('every word must be found, and no word finds nothing', () => {
  expect(found('quota zebra')).toEqual([]);
  expect(found(' … ')).toEqual([]);
  expect(found('x'.repeat(10_000))).toEqual([]);
});

test('every heading has an address of its own', () => {
  const addresses = headings.map(({ href }) => href);
  expect(addresses.filter((href, index) => addresses.indexOf(href) !== index)).toEqual([]);
});
