/** The LIMIT that was added to a text is told from its own. */
import { expect, test } from 'vitest';
import { checkText } from '@/lib/domains/desk/check/check-text';
import { givenLimit } from '@/lib/domains/desk/run/given-limit';

const limitOf = (written: string) => {
  const checked = checkText(written, { tables: ['commits'], limit: 70 });
  if (!checked.ok) throw new Error(checked.reason);
  return givenLimit(written, checked.sql);
};

test.each([
  'SELECT sha FROM commits',
  '(SELECT sha FROM commits)',
  '((SELECT sha FROM commits ORDER BY sha)) -- all of them\n;\n',
  'SELECT sha FROM (SELECT sha FROM commits\nLIMIT 5)',
  'SELECT sha FROM commits ORDER BY sha DESC NULLS LAST',
  'SELECT sha FROM commits UNION ALL (SELECT sha FROM commits\nLIMIT 5)',
])('%s was given one', written => {
  expect(limitOf(written)).toBe(70);
});

test.each([
  'SELECT sha FROM commits\nLIMIT 70',
  'SELECT sha FROM commits /* few */ LIMIT 5 ;',
  '(SELECT sha FROM commits\nLIMIT 5)',
])('%s has its own', written => {
  expect(limitOf(written)).toBeNull();
});
