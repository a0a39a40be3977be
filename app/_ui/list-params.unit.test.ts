import { expect, test } from 'vitest';
import { hrefWith, listParams, sortState } from '@/app/_ui/list-params';

test('changing a filter drops the page cursor and keeps the rest', () => {
  expect(hrefWith('/runs', { status: 'failed', sort: 'started', after: 'x' }, { status: undefined })).toBe(
    '/runs?sort=started',
  );
});

test('turning the page keeps every filter', () => {
  expect(hrefWith('/runs', { status: 'failed', after: 'x' }, { after: 'y' })).toBe('/runs?status=failed&after=y');
});

test('a page of its own without filters is kept', () => {
  expect(hrefWith('/runs', {}, { after: 'y' })).toBe('/runs?after=y');
});

test('values are escaped', () => {
  expect(hrefWith('/runs', {}, { q: 'a&b=c d' })).toBe('/runs?q=a%26b%3Dc+d');
});

test('repeated and empty parameters count once or not at all', () => {
  expect(listParams({ q: ['one', 'two'], status: '', sort: undefined, dir: 'asc' })).toEqual({ q: 'one', dir: 'asc' });
});

test('the default order is announced on its column when the query names none', () => {
  const initial = { sort: 'created', dir: 'desc' } as const;
  expect(sortState({}, 'created', initial)).toBe('descending');
  expect(sortState({}, 'name', initial)).toBe('none');
  expect(sortState({ sort: 'name' }, 'name', initial)).toBe('ascending');
  expect(sortState({ sort: 'name', dir: 'desc' }, 'name', initial)).toBe('descending');
  expect(sortState({ sort: 'name' }, 'created', initial)).toBe('none');
});
