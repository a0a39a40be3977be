/** What the product relies on in Stripe, as tests: the double and a real test account must both hold them. */
import type Stripe from 'stripe';
import { afterAll, beforeAll } from 'vitest';
import { Account } from '@/lib/local/stripe/contract/account';
import { accountContract } from '@/lib/local/stripe/contract/account-objects';
import { changeContract } from '@/lib/local/stripe/contract/changes';
import { lifeContract } from '@/lib/local/stripe/contract/life';
import { scheduleContract } from '@/lib/local/stripe/contract/schedules';
import { sessionContract } from '@/lib/local/stripe/contract/sessions';

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
