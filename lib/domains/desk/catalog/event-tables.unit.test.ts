import { expect, test } from 'vitest';
import { eventTableName, freeName } from '@/lib/domains/desk/catalog/event-tables';

test.each([
  ['web_shop', 'order_completed', 'events_web_shop_order_completed'],
  ['acme_web_shop_2', 'Order Completed', 'events_acme_web_shop_2_order_completed'],
  ['u4fa1u683c', 'pages', 'events_u4fa1u683c_pages'],
  ['shop', '`; DROP TABLE x; --', 'events_shop_drop_table_x'],
  ['shop', '???', 'events_shop_table'],
  ['shop', '_2fa', 'events_shop_2fa'],
])('the dataset %s and its table %s are one word: %s', (dataset, table, name) => {
  expect(eventTableName(dataset, table)).toBe(name);
  expect(name).toMatch(/^[a-z0-9_]+$/);
});

test('two long names that begin alike stay two, and none is longer than 200 signs', () => {
  const [one, two] = ['a', 'b'].map(end => eventTableName('shop', `${'x'.repeat(400)}${end}`));
  expect(one).not.toBe(two);
  for (const name of [one, two]) expect(name).toMatch(/^events_shop_x+_[0-9a-f]{8}$/);
  expect(one).toHaveLength(200);
});

test('a name that is taken gets the next number that is not', () => {
  expect(freeName('events_a_b', new Set())).toBe('events_a_b');
  expect(freeName('events_a_b', new Set(['events_a_b', 'events_a_b_2']))).toBe('events_a_b_3');
});
