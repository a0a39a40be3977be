import { expect, test } from 'vitest';
import { formError, submittedValues } from '@/lib/edge/portal/form-state';

function form(...fields: [name: string, value: string | File][]): FormData {
  const data = new FormData();
  for (const [name, value] of fields) data.append(name, value);
  return data;
}

test('a form gives back text as it was sent, without machinery, files and secrets', () => {
  const data = form(
    ['name', 'ci'],
    ['scopes', 'a'],
    ['scopes', 'b'],
    ['$ACTION', 'x'],
    ['file', new File([], 'f')],
    ['secret', 's'],
  );
  expect(submittedValues(data, ['secret'])).toEqual({ name: 'ci', scopes: ['a', 'b'] });
});

test('U+0000, which Postgres refuses, never reaches a command', () =>
  expect(submittedValues(form(['name', 'c\0i'], ['reason', '\0']))).toEqual({ name: 'ci', reason: '' }));

test('names of JavaScript’s own properties are fields like any other', () => {
  const state = formError('No.', form(['constructor', 'x'], ['__proto__', 'y']), [{ path: 'name', message: 'Wrong.' }]);
  expect(state).toMatchObject({ status: 'error', fieldErrors: { name: 'Wrong.' } });
  expect(({} as Record<string, unknown>).y).toBeUndefined();
});
