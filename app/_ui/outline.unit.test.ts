import { expect, test } from 'vitest';
import { isWithin, sectionOfPath } from '@/app/_ui/nav';
import { outlineOf } from '@/app/_ui/outline';

test.each([
  ['/', 'figures', 'Overview'],
  ['/usage', 'figures', 'Usage'],
  ['/keys', 'list', 'API keys'],
  ['/keys/new', 'form', 'API keys'],
  ['/keys/key_2b7x', 'one', 'API keys'],
  ['/keys/key_2b7x/revoke', 'form', 'API keys'],
  ['/runs', 'list', 'Pipelines and runs'],
  ['/runs/6f0c1b1e-8f0a-4a52-9d39-0b8a0a6b7a11', 'one', 'Pipelines and runs'],
  ['/pull-requests/people', 'list', 'Pull requests'],
  ['/settings/profile', 'form', 'Settings'],
  ['/docs', 'list', ''],
])('the page at %s has the outline of a %s', (path, kind, section) => {
  expect(outlineOf(path)).toEqual({ kind, section });
});

test('a section holds the pages below it and no others', () => {
  expect(isWithin('/keys/new', { href: '/keys' })).toBe(true);
  expect(isWithin('/keyset', { href: '/keys' })).toBe(false);
  expect(isWithin('/keys', { href: '/' })).toBe(false);
  expect(sectionOfPath('/runs/again')?.id).toBe('pipelines');
  expect(sectionOfPath('/docs')).toBeUndefined();
});
