import { expect, test } from 'vitest';
import { parseForm } from '@/dev/doubles/stripe/form';

test('brackets become objects and lists, values stay text', () => {
  const text =
    'customer=cus_1&items[0][price]=p1&items[0][quantity]=2&items[1][price]=p2&metadata[a b]=1%262&expand[]=x&expand[]=y';
  expect(parseForm(text)).toEqual({
    customer: 'cus_1',
    items: [{ price: 'p1', quantity: '2' }, { price: 'p2' }],
    metadata: { 'a b': '1&2' },
    expand: ['x', 'y'],
  });
});

test('names that reach for a prototype are plain names', () => {
  const form = parseForm('__proto__[polluted]=yes&constructor[prototype][polluted]=yes');
  expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  expect(Object.keys(form)).toContain('constructor');
});

test('an empty body has no parameters', () => {
  expect(parseForm('')).toEqual({});
});
