import { expect, test } from 'vitest';
import { eventTableName, freeName } from '@/lib/domains/desk/catalog/event-tables';

test.each([
  ['Web Shop', 'order_completed', 'events_web_shop_order_completed'],
  ['web-shop', 'Order Completed', 'events_web_shop_order_completed'],
  ['Prénom', 'tracks', 'events_prenom_tracks'],
  ['価格', 'pages', 'events_u4fa1u683c_pages'],
  ['`; DROP TABLE x; --', 'tracks', 'events_drop_table_x_tracks'],
  ['!!!', '???', 'events_source_table'],
  ['2031', '_2fa', 'events_2031_2fa'],
])('the source %s and its table %s are one word: %s', (source, table, name) => {
  expect(eventTableName(source, table)).toBe(name);
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
