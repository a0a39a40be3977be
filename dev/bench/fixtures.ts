/** Customers and keys to measure with; limits so high that every start is granted. */
import { createKey } from '@/lib/domains/keys/commands';
import { createServiceKey } from '@/lib/domains/keys/service-keys';
import { insertCustomer } from '@/lib/domains/organizations/create';
import { applyLimits } from '@/lib/domains/quotas/counters';
import { users } from '@/lib/domains/team/tables';
import { systemCtx } from '@/lib/kernel/ctx';
import { db } from '@/lib/platform/db';
import { newId } from '@/lib/platform/ids';

export type BenchCustomer = { customerId: string; tenantDatasetId: string; key: string };

const limits = { dailyLimit: 1_000_000, concurrentLimit: 1_000_000, apiCallsMonthLimit: null };

async function createCustomer(number: number): Promise<BenchCustomer> {
  const email = `bench-${newId('person')}@example.com`;
  const scope = await db().transaction(async tx => {
    const userId = newId('usr');
    await tx.insert(users).values({ userId, email, fullName: 'Bench' });
    const { customer } = await insertCustomer(tx, {
      companyName: `Bench ${number}`,
      plan: 'SCALE',
      owner: { userId, email, fullName: 'Bench' },
      createdBy: email,
      createdAt: new Date(),
    });
    await applyLimits(tx, customer.customerId, limits);
    return { customerId: customer.customerId, tenantDatasetId: customer.tenantDatasetId };
  });
  const input = {
    name: 'Bench',
    scopes: ['runs:read', 'runs:write', 'quota:read', 'traces:write', 'agent-log:write'],
    rate_limit_tier: 'UNLIMITED',
  };
  const { result } = await createKey(systemCtx('bench', scope), input);
  return { ...scope, key: result.secret.reveal() };
}

/** That many customers, each with one key without a rate limit. */
export async function createCustomers(count: number): Promise<BenchCustomer[]> {
  const made: BenchCustomer[] = [];
  for (let number = 0; number < count; number++) made.push(await createCustomer(number));
  return made;
}

/** A service key that may check keys. */
export async function createVerifier(): Promise<string> {
  const input = { name: 'Bench', scopes: ['keys:verify'], rate_limit_tier: 'UNLIMITED' };
  return (await createServiceKey(systemCtx('bench'), input)).result.secret.reveal();
}
