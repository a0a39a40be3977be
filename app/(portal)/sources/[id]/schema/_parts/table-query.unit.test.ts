import { expect, test } from 'vitest';
import { tableQuery } from '@/app/(portal)/sources/[id]/schema/_parts/table-query';

const named = (...names: string[]) => names.map(name => ({ name }));

test('names the table’s own columns after the time, in quotes, from the view of the last day', () => {
  const columns = named('context_ip', 'id', 'loaded_at', 'order', 'received_at');
  expect(tableQuery('project', { dataset: 'shop', name: 'order_completed', columns })).toBe(
    'SELECT `received_at`, `id`, `order`\nFROM `project.shop.order_completed_view`\nWHERE received_at >= TIMESTAMP_SUB(CURRENT_TIMESTAMP(), INTERVAL 1 DAY)\nORDER BY received_at DESC\nLIMIT 100',
  );
});

test('of a wide table it names a dozen columns', () => {
  const columns = named(...Array.from({ length: 900 }, (_, index) => `c${index}`));
  const [first = ''] = tableQuery('project', { dataset: 'shop', name: 'wide', columns }).split('\n');
  expect(first.split(',')).toHaveLength(12);
});
