import { expect, test } from 'vitest';
import { readableParameters } from '@/lib/warehouse/query/query-parameters';

test.each(['\ud800', 'a\udfffb', '\udc00\ud800', 'a\u0000b'])('text that BigQuery cannot read is refused: %j', text => {
  const problem = { code: 'invalid_input', fields: [expect.objectContaining({ path: 'q' })] };
  for (const parameter of [
    { type: 'STRING', value: text } as const,
    { type: 'ARRAY<STRING>' as const, value: ['a', text] },
  ])
    expect(() => readableParameters({ q: parameter })).toThrow(expect.objectContaining(problem));
});

test('all other parameters are let through as they are', () => {
  const parameters = {
    text: { type: 'STRING', value: 'Grüße, 🙂 und \u202e' },
    none: { type: 'STRING', value: null },
    list: { type: 'ARRAY<STRING>', value: [] },
    count: { type: 'INT64', value: 3 },
    instant: { type: 'TIMESTAMP', value: new Date(0) },
  } as const;
  expect(readableParameters({ ...parameters, list: { type: 'ARRAY<STRING>', value: [] } })).toEqual(parameters);
});
