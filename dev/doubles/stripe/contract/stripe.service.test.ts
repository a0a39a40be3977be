/** The contract on a real test account: `STRIPE_SECRET_KEY=sk_test_… npm run test:stripe`. It leaves only archived prices behind. */
import Stripe from 'stripe';
import { contract } from '@/dev/doubles/stripe/contract/contract';

contract(async () => {
  const key = process.env.STRIPE_SECRET_KEY ?? '';
  if (!key.startsWith('sk_test_'))
    throw new Error('STRIPE_SECRET_KEY must be the secret key of a test account: sk_test_…');
  return new Stripe(key, { maxNetworkRetries: 3, timeout: 30_000 });
});
