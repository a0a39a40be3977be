import { expect, test } from 'vitest';
import { inviteInput } from '@/lib/domains/team/input';
import {
  addressProblem,
  invitationState,
  invitedTooOften,
  seatsFull,
  seatsOver,
  seatsShort,
  splitAddresses,
} from '@/lib/domains/team/rules';

const now = new Date('2026-11-21T12:00:00Z');

test.each([
  'mia@example.com',
  'mia.kern+team@sub.example.co',
  'x_y-z@a1.example',
  'm@xn--bcher-kva.example',
  "o'brien@example.com",
  "Mary.O'Brien@example.com",
])('%s is an address', text => {
  expect(addressProblem(text)).toBeNull();
  expect(inviteInput.parse({ emails: [text], role: 'VIEWER' }).emails).toEqual([text.toLowerCase()]);
});

const refused: [why: string, text: string, sentence: RegExp][] = [
  ['empty text', '', /^Give an address/],
  ['no domain', 'mia', /is not an address/],
  ['no dot in the domain', 'mia@localhost', /is not an address/],
  ['two signs @', 'mia@x@example.com', /is not an address/],
  ['two dots', 'mia..k@example.com', /is not an address/],
  ['a domain that begins with a dash', 'mia@-example.com', /is not an address/],
  ['markup', '<script>alert(1)</script>@example.com', /without a name, brackets or quotes/],
  ['a name with its address', 'Mia Kern <mia@example.com>', /without a name, brackets or quotes/],
  ['a quoted local part', '"mia kern"@example.com', /without a name, brackets or quotes/],
  ['an address in quotes', "'mia@example.com'", /without a name, brackets or quotes/],
  ['a local part in quotes', "'mia'@example.com", /without a name, brackets or quotes/],
  ['two apostrophes', "o''brien@example.com", /without a name, brackets or quotes/],
  ['an apostrophe in the domain', "mia@o'brien.example", /is not an address/],
  ['a typographic apostrophe', 'o\u2019brien@example.com', /signs other than plain/],
  ['an accent that looks like an apostrophe', 'o\u00b4brien@example.com', /signs other than plain/],
  ['a Cyrillic letter that looks Latin', 'm\u0456a@example.com', /signs other than plain/],
  ['full-width letters', '\uff4dia@example.com', /signs other than plain/],
  ['a hidden sign', 'mia\u200b@example.com', /signs other than plain/],
  ['text written backwards', 'mia\u202e@example.com', /signs other than plain/],
  ['an accent', 'm\u00eda@example.com', /signs other than plain/],
  ['a line break', 'mia@example.com\nBcc: all@example.com', /signs other than plain|space in it/],
  ['a list', 'a@example.com,b@example.com', /more than one address/],
  ['a space', 'mia kern@example.com', /has a space/],
  ['255 characters', `${'x'.repeat(250)}@a.co`, /longer than 254/],
];

test.each(refused)('%s is refused with a sentence of its own', (_, text, sentence) => {
  const problem = addressProblem(text) ?? '';
  expect(problem).toMatch(sentence);
  expect(problem.length).toBeLessThan(180);
  expect(inviteInput.safeParse({ emails: [text], role: 'VIEWER' }).success).toBe(false);
});

test.each([
  [{ used: 2, limit: 2 }, null],
  [
    { used: 3, limit: 2 },
    /^The plan has 2 seats and 3 are used\. Everybody keeps theirs, .* until one is free: an owner chooses/,
  ],
  [{ used: 6, limit: 2 }, /until 4 are free/],
] as const)('a customer with %j seats is told what follows from it', (seats, sentence) => {
  const said = seatsOver(seats);
  if (sentence === null) expect(said).toBeNull();
  else expect(said).toMatch(sentence);
});

test('a pattern as long as it gets is judged at once', () => {
  const started = performance.now();
  addressProblem(`${'a.'.repeat(120)}@${'a-'.repeat(100)}`);
  addressProblem(`a@${'a'.repeat(250)}!`);
  expect(performance.now() - started).toBeLessThan(50);
});

test('a form’s text is one address a line or between commas or semicolons, each once, in lower case', () => {
  expect(splitAddresses(' A@x.co, b@x.co;\r\na@X.co\n\n c@x.co ')).toEqual(['a@x.co', 'b@x.co', 'c@x.co']);
  expect(splitAddresses(' \n,; ')).toEqual([]);
});

test('the same address in another case is one invitation; more than 50 are refused', () => {
  const parsed = inviteInput.parse({ emails: ['Mia@Example.com ', 'mia@example.com'], role: 'ADMIN' });
  expect(parsed).toEqual({ emails: ['mia@example.com'], role: 'ADMIN', when_short: 'send_what_fits' });
  const many = Array.from({ length: 51 }, (_, index) => `p${index}@example.com`);
  expect(inviteInput.safeParse({ emails: many, role: 'ADMIN' }).success).toBe(false);
  expect(inviteInput.safeParse({ emails: ['a@b.co'], role: 'KING' }).success).toBe(false);
  expect(inviteInput.safeParse({ emails: ['a@b.co'], role: 'ADMIN', owner: true }).success).toBe(false);
});

test('an invitation is open until its instant, then expired; used and cancelled are told apart', () => {
  const at = (ms: number) => new Date(now.getTime() + ms);
  const row = (status: string, invitationExpiresAt: Date | null, joinedAt: Date | null = null) =>
    invitationState({ status, invitationExpiresAt, joinedAt }, now);
  expect(row('INVITED', at(1))).toBe('open');
  expect(row('INVITED', at(0))).toBe('expired');
  expect(row('ACTIVE', at(1), at(-1))).toBe('used');
  expect(row('REMOVED', at(1), at(-1))).toBe('used');
  expect(row('REMOVED', at(1))).toBe('cancelled');
});

test('seats are spoken of in whole sentences, after a downgrade too', () => {
  expect(seatsFull({ used: 6, limit: 6 })).toBe(
    'All 6 seats are used. Cancel an invitation, remove a member, or change the plan.',
  );
  expect(seatsFull({ used: 5, limit: 2 })).toMatch(/^The plan has 2 seats and 5 are used\./);
  expect(seatsShort(2, 1)).toBe('2 invitations, 1 seat left. Remove one or change the plan.');
  expect(seatsShort(5, 2)).toBe('5 invitations, 2 seats left. Remove 3 or change the plan.');
});

test('a refusal to write again so soon speaks of the addresses only, never of who else wrote to them', () => {
  expect(invitedTooOften(['mia@example.com', 'jo@example.com'])).toBe(
    'No more invitations can be sent to mia@example.com, jo@example.com for now. Try again tomorrow.',
  );
});
