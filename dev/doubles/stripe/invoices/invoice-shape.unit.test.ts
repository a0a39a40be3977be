import { expect, test } from 'vitest';
import { settle } from '@/dev/doubles/stripe/invoices/invoice-shape';

test.each([
  ['without a balance all is due', 4900, 0, { due: 4900, ending: 0 }],
  ['credit is taken off first', 4900, -1000, { due: 3900, ending: 0 }],
  ['credit that is more than the total stays for the next', 4900, -10_000, { due: 0, ending: -5100 }],
  ['what is owed already is due with it', 4900, 1000, { due: 5900, ending: 0 }],
  ['a negative total becomes credit', -500, 0, { due: 0, ending: -500 }],
  ['a negative total lowers what is owed, and nothing is due', -500, 1000, { due: 0, ending: 500 }],
])('%s', (_, total, balance, settled) => {
  expect(settle(total, balance)).toEqual(settled);
});
