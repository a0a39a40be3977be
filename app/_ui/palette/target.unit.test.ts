import { expect, test } from 'vitest';
import { byGroup, matching, withoutSecret } from '@/app/_ui/palette/target';

const of = (...labels: string[]) => labels.map(label => ({ group: 'Pages', label, href: `/${label}` }));

test('every word that was typed stands in what is found; what begins with the first comes first', () => {
  const targets = of('AI usage: Budgets', 'Usage', 'Billing');
  expect(matching(targets, 'usage').map(({ label }) => label)).toEqual(['Usage', 'AI usage: Budgets']);
  expect(matching(targets, 'BUD ai').map(({ label }) => label)).toEqual(['AI usage: Budgets']);
  expect(matching(targets, ' ')).toHaveLength(3);
  expect(matching(targets, '(')).toEqual([]);
});

test('a page is found by words that its name does not say, after those whose name begins with them', () => {
  const desk = { group: 'Pages', label: 'Query desk', href: '/desk', words: 'sql' };
  for (const typed of ['SQL', 'query', 'sql desk', 'desk']) expect(matching([desk], typed), typed).toEqual([desk]);
  expect(matching([desk, ...of('sqlite_load')], 'sql').map(({ label }) => label)).toEqual([
    'sqlite_load',
    'Query desk',
  ]);
  expect(matching([desk], 'mysql')).toEqual([]);
});

test('a whole key that was pasted is cut to what lists show of it', () => {
  expect(withoutSecret(' ty_live_abcdEFGHIJKLMNOP ')).toBe('ty_live_abcd');
  expect(withoutSecret('nightly load')).toBe('nightly load');
});

test('headings stand in the order of what is under them', () => {
  const targets = [...of('a'), { group: 'Create', label: 'b', href: '/b' }, ...of('c')];
  expect(byGroup(targets).map(([group, all]) => [group, all.length])).toEqual([
    ['Pages', 2],
    ['Create', 1],
  ]);
});
