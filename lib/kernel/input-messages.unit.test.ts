import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { parseInput } from '@/lib/kernel/input';
import { AppError } from '@/lib/platform/errors';

function told(schema: z.ZodType, raw: unknown): string[] {
  try {
    parseInput(schema, raw);
  } catch (error) {
    if (error instanceof AppError) return (error.fields ?? []).map(({ message }) => message);
    throw error;
  }
  return [];
}

const even = z.number().multipleOf(2);
const twenty = Array.from({ length: 21 }, (_, index) => `v${index}`);

/** At least one case of every kind of problem zod knows; a new kind does not compile until it has one. */
const cases: Record<z.core.$ZodIssue['code'], [schema: z.ZodType, raw: unknown, sentence: string][]> = {
  invalid_type: [
    [z.string(), undefined, 'This field is required.'],
    [z.string(), null, 'This must be text.'],
    [z.number(), 'x', 'This must be a number.'],
    [z.coerce.number(), 'x', 'This must be a number.'],
    [z.int(), 1.5, 'This must be a whole number.'],
    [z.boolean(), 1, 'This must be true or false.'],
    [z.array(z.string()), {}, 'This must be a list.'],
    [z.strictObject({}), [], 'This must be an object.'],
    [z.record(z.string(), z.string()), 'x', 'This must be an object.'],
    [z.date(), 'x', 'This must be a time.'],
    [z.symbol(), 'x', 'This must be of another type.'],
  ],
  invalid_value: [
    [z.enum(['A', 'B']), undefined, 'This field is required.'],
    [z.enum(['A', 'B']), 'C', 'Use one of: A, B.'],
    [z.literal('A'), 'C', 'This must be A.'],
    [z.enum(twenty), 'C', 'This is none of the values that are allowed.'],
  ],
  too_big: [
    [z.string().max(200), 'x'.repeat(201), 'Use at most 200 characters.'],
    [z.string().max(1), 'xx', 'Use at most 1 character.'],
    [z.string().length(3), 'xxxx', 'Use exactly 3 characters.'],
    [z.array(z.string()).max(2), ['', '', ''], 'Use at most 2 entries.'],
    [z.number().max(5), 6, 'This must be at most 5.'],
    [z.number().lt(5), 5, 'This must be less than 5.'],
    [z.date().max(new Date(0)), new Date(1), 'This must be at most 1970-01-01T00:00:00.000Z.'],
  ],
  too_small: [
    [z.string().min(8), 'x', 'Use at least 8 characters.'],
    [z.string().min(1), '', 'This field is required.'],
    [z.string().length(3), 'x', 'Use exactly 3 characters.'],
    [z.array(z.string()).min(1), [], 'Use at least 1 entry.'],
    [z.number().min(5), 4, 'This must be at least 5.'],
    [z.number().gt(5), 5, 'This must be more than 5.'],
  ],
  invalid_format: [
    [z.email(), 'x', 'Use an e-mail address such as mia@acme.io.'],
    [z.url(), 'x', 'Use an address such as https://acme.io.'],
    [z.uuid(), 'x', 'Use a UUID such as 7d9f0c1e-5b1a-4c1e-9a55-0f7a1f6f2b10.'],
    [z.iso.datetime(), 'x', 'Use a time with its zone such as 2026-11-21T02:00:00Z.'],
    [z.iso.date(), 'x', 'Use a day such as 2026-11-21.'],
    [z.string().startsWith('ty_'), 'x', 'This must start with ty_.'],
    [z.string().endsWith('_id'), 'x', 'This must end with _id.'],
    [z.string().includes('@'), 'x', 'This must contain @.'],
    [z.string().regex(/^\d+$/), 'x', 'This does not have the form that is expected here.'],
    [z.string().regex(/^\d+$/, 'Use digits.'), 'x', 'Use digits.'],
  ],
  not_multiple_of: [[even, 3, 'This must be a multiple of 2.']],
  unrecognized_keys: [[z.strictObject({}), { odd: 1 }, 'This field is not known.']],
  invalid_union: [
    [z.union([z.string(), z.number()]), undefined, 'This field is required.'],
    [z.union([z.string(), z.number()]), true, 'This has none of the forms that are allowed here.'],
  ],
  invalid_key: [[z.record(z.string().max(1), z.string()), { xx: '' }, 'A name in this object is not allowed.']],
  invalid_element: [[z.map(z.string(), z.date()), new Map([['x', 1]]), 'This must be a time.']],
  custom: [
    [z.string().refine(() => false), 'x', 'This value is not valid.'],
    [z.string().refine(() => false, 'Not this one.'), 'x', 'Not this one.'],
  ],
};

describe.each(Object.entries(cases))('a problem of the kind %s', (_code, own) => {
  test.each(own)('%#: is told in our words', (schema, raw, sentence) => {
    expect(told(schema, raw)).toEqual([sentence]);
  });
});
