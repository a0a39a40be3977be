import { expect, test } from 'vitest';
import { deskAccountEmail, deskAccountId } from '@/lib/domains/desk/catalog/desk-account';

test('an account’s name is one that Google takes and tells nothing of the customer', () => {
  for (const customerId of ['cus_1', 'cus_wzkz60vd4fx28m6z1ea7', 'x'.repeat(200), '']) {
    const id = deskAccountId(customerId);
    expect(id).toMatch(/^desk-[0-9a-f]{24}$/);
    expect(id.length).toBeLessThanOrEqual(30);
  }
});

test('two customers have two accounts, and one always the same', () => {
  expect(deskAccountId('cus_a')).not.toBe(deskAccountId('cus_b'));
  expect(deskAccountId('cus_a')).toBe(deskAccountId('cus_a'));
  expect(deskAccountEmail('cus_a', 'p-1')).toBe(`${deskAccountId('cus_a')}@p-1.iam.gserviceaccount.com`);
});
