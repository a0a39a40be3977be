import { expect, test } from 'vitest';
import { tablesNoticed } from '@/lib/kernel/outbox';

test.each([
  ['tables', '[["tenant.api_keys","c1"],["customers.audit_log",null]]', 2],
  ['no table', '[]', 0],
  ['nothing', '', 0],
  ['nothing at all', undefined, 0],
  ['no JSON', '{', 0],
  ['another shape', '[["tenant.api_keys"]]', 0],
  ['another type', '{"mirror":"x"}', 0],
])('a notification that holds %s is understood or ignored', (_, text, tables) => {
  expect(tablesNoticed(text)).toHaveLength(tables);
});

test('a notification names mirrors and customers', () => {
  expect(tablesNoticed('[["tenant.api_keys","c1"],["customers.audit_log",null]]')).toEqual([
    { mirror: 'tenant.api_keys', customerId: 'c1' },
    { mirror: 'customers.audit_log', customerId: null },
  ]);
});
