import { createElement } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import { expect, test } from 'vitest';
import { FreshnessNote } from '@/app/(portal)/_charts/freshness-note';
import type { RowsAge } from '@/lib/warehouse/query/rows-age';

const now = new Date('2026-11-28T20:51:00Z');

/** The words of a page with rows of that state, read then. */
function words(state: RowsAge['state'], readAt: string): string {
  const card = { ok: true as const, data: { state, readAt: new Date(readAt), pendingSince: null } };
  return renderToStaticMarkup(createElement(FreshnessNote, { cards: [card], now })).replace(/<[^>]*>/g, '');
}

test('a question that is only slow is not told as a BigQuery that is away', () => {
  const slow = words('slow', '2026-11-28T20:43:36Z');
  expect(slow).toContain('BigQuery takes longer than usual for newer data. This is as of 20:43:36 UTC;');
  expect(words('unavailable', '2026-11-28T20:43:36Z')).toContain('BigQuery does not answer');
});

test('rows of another day say their day', () => {
  for (const state of ['limited', 'slow', 'unavailable'] as const) {
    expect(words(state, '2026-11-27T20:43:36Z')).toContain('as of 27 Nov 2026, 20:43:36 UTC');
    expect(words(state, '2026-11-28T00:00:00Z')).toContain('as of 00:00:00 UTC');
  }
});
