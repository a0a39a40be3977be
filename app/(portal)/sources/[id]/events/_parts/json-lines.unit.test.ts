import { expect, test } from 'vitest';
import { jsonLines } from '@/app/(portal)/sources/[id]/events/_parts/json-lines';

test('values stand as JSON, objects and arrays with how much is below', () => {
  const { lines, left } = jsonLines({ event: 'a', properties: { paid: true, items: [1, null] } });
  expect(left).toBe(0);
  expect(lines).toEqual([
    { name: 'event', text: '"a"' },
    {
      name: 'properties',
      text: '2 fields',
      isOpen: true,
      children: [
        { name: 'paid', text: 'true' },
        {
          name: 'items',
          text: '2 items',
          isOpen: true,
          children: [
            { name: '0', text: '1' },
            { name: '1', text: 'null' },
          ],
        },
      ],
    },
  ]);
});

test('of thousands of fields the first hundreds are drawn and the others counted', () => {
  const many = Object.fromEntries(Array.from({ length: 5_000 }, (_, index) => [`f${index}`, index]));
  const { lines, left } = jsonLines(many);
  expect(lines.length + left).toBe(5_000);
  expect(lines.length).toBeLessThan(1_000);
});

test.each(['text', 5, null])('%j alone is one line', value => expect(jsonLines(value).lines).toHaveLength(1));
