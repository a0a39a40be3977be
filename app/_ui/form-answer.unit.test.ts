import { expect, test } from 'vitest';
import { summaryOf } from '@/app/_ui/form-answer';

const labels = { name: 'Name', scopes: 'Scopes' };
const refused = (message: string, fieldErrors: Record<string, string> = {}) =>
  summaryOf({ status: 'error', message, fieldErrors, values: {} }, labels);

test('one wrong field says so itself and is gone to; nothing is said above it', () => {
  expect(refused('name: Give the key a name.', { name: 'Give the key a name.' })).toEqual({
    message: null,
    links: [],
    others: [],
    focus: 'name',
  });
});

test('several wrong fields are named above, their sentences stand beside them', () => {
  expect(refused('2 fields are not valid.', { name: 'Give the key a name.', scopes: 'Choose one.' })).toEqual({
    message: '2 fields are not valid.',
    links: [
      { name: 'name', label: 'Name' },
      { name: 'scopes', label: 'Scopes' },
    ],
    others: [],
  });
});

test('a refusal about no field is said once', () => {
  expect(refused('The card was declined.')).toEqual({ message: 'The card was declined.', links: [], others: [] });
  expect(refused('token: This is not known.', { token: 'This is not known.' })).toEqual({
    message: 'token: This is not known.',
    links: [],
    others: [],
  });
});

test('what has no field here is said above, beside what has one', () => {
  const fieldErrors = { name: 'Give the key a name.', token: 'This is not known.' };
  expect(refused('2 fields are not valid.', fieldErrors)).toEqual({
    message: '2 fields are not valid.',
    links: [],
    others: ['This is not known.'],
  });
});

test('a sentence of its own is kept where the field says something else', () => {
  expect(refused('1 sent, 1 not sent.', { name: 'Wait a day.' })).toMatchObject({ message: '1 sent, 1 not sent.' });
});
