/** What the product relies on in Stripe, as tests: the double and a real test account must both hold them. */
import type Stripe from 'stripe';
import { afterAll, beforeAll } from 'vitest';
import { Account } from '@/dev/doubles/stripe/contract/account';
import { accountContract } from '@/dev/doubles/stripe/contract/account-objects';
import { changeContract } from '@/dev/doubles/stripe/contract/changes';
import { lifeContract } from '@/dev/doubles/stripe/contract/life';
import { scheduleContract } from '@/dev/doubles/stripe/contract/schedules';
import { sessionContract } from '@/dev/doubles/stripe/contract/sessions';

/** Declares all tests; `open` is asked for the client once they run. */
export function contract(open: () => Promise<Stripe>): void {
  let account: Account | undefined;
  const given = () => {
    if (!account) throw new Error('the account is not open');
    return account;
  };
  beforeAll(async () => {
    account = new Account(await open());
    await account.open();
  });
  afterAll(() => account?.close());
  accountContract(given);
  lifeContract(given);
  changeContract(given);
  scheduleContract(given);
  sessionContract(given);
}
