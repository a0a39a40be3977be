import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { pageAt } from '@/app/docs/_content/pages';

test('each way in that the empty list of runs names has a page of the documentation', () => {
  const source = readFileSync(new URL('no-runs.tsx', import.meta.url), 'utf8');
  const slugs = [...source.matchAll(/"\/docs\/([a-z-]+)"/g)].map(([, slug = '']) => slug);
  expect(slugs.length).toBeGreaterThan(2);
  expect(slugs.filter(slug => !pageAt(slug))).toEqual([]);
});
