/** Makes one customer of the demo through the product's own commands, with the clock set back to when things happened. */
import { eq } from 'drizzle-orm';
import type { DemoCustomer, DemoKey } from '@/dev/seed/cast';
import { seedConfigs } from '@/dev/seed/configs';
import { seedCredentials } from '@/dev/seed/credentials';
import { type DemoCaller, makeHistory } from '@/dev/seed/history';
import { seedKeyCalls } from '@/dev/seed/key-calls';
import { loadHistory } from '@/dev/seed/load';
import { addMovingRuns } from '@/dev/seed/moving-runs';
import { seededRandom } from '@/dev/seed/random';
import { billInStripe, type StripeIds } from '@/dev/seed/stripe';
import type { Customer } from '@/lib/domains/customers/tables';
import { createKey, revokeKey } from '@/lib/domains/keys/commands';
import { keyRefs } from '@/lib/domains/keys/mirror';
import { apiKeys } from '@/lib/domains/keys/tables';
import { createCustomer } from '@/lib/domains/organizations/commands';
import { plans } from '@/lib/domains/subscriptions/rules';
import { addMember } from '@/lib/domains/team/commands';
import { systemCtx } from '@/lib/kernel/ctx';
import { enqueue } from '@/lib/kernel/outbox';
import { db } from '@/lib/platform/db';

const dayMs = 86_400_000;
const minuteMs = 60_000;
const before = (now: Date, ms: number) => new Date(now.getTime() - ms);

export type SeededCustomer = { customer: Customer; apiKey: string; stripe: StripeIds };

/** Creates the customer, its people, subscription, keys and history; answers what the demo's scripts need. */
export async function seedCustomer(demo: DemoCustomer, now: Date): Promise<SeededCustomer> {
  const openedAt = before(now, demo.openedDaysAgo * dayMs);
  const [owner, ...others] = demo.people;
  if (!owner) throw new Error(`${demo.companyName} has no owner`);
  const { result } = await createCustomer(
    systemCtx('seed', undefined, () => openedAt),
    {
      company_name: demo.companyName,
      plan: demo.plan,
      owner_email: owner.email,
      owner_name: owner.name,
    },
  );
  const { customer } = result;
  const at = (instant: Date) => systemCtx('seed', customer, () => instant);
  for (const [index, person] of others.entries()) {
    await addMember(at(before(now, (demo.openedDaysAgo - 1 - index) * dayMs)), {
      email: person.email,
      full_name: person.name,
      role: person.role,
    });
  }
  const stripe = await billInStripe(demo, customer, now);
  const keys: SeededKey[] = [];
  for (const key of demo.keys) keys.push(await seedKey(key, customer, now));
  const credentials = await seedCredentials(demo.credentials, customer, now);
  const { runsPerDay: dailyLimit, concurrentRuns: concurrentLimit } = plans[demo.plan];
  const { customerId } = customer;
  const random = seededRandom(demo.seed);
  const callers = keys.filter((_, index) => demo.keys[index]?.scopes.includes('runs:write'));
  const history = makeHistory({
    customerId,
    random,
    now,
    days: demo.historyDays,
    dailyLimit,
    runsToday: demo.runsToday,
    keys: callers,
  });
  const askedBy = demo.people.find(person => person.role === 'ADMIN')?.email;
  if (demo.hasMovingRuns && askedBy) addMovingRuns(history, { customerId, random, now, keys: callers, askedBy });
  await db().transaction(tx => loadHistory(tx, customerId, history, { dailyLimit, concurrentLimit }, now));
  await seedConfigs(demo.configs, customer, credentials, now);
  return { customer, apiKey: keys[0]?.text ?? '', stripe };
}

type SeededKey = DemoCaller & { text: string };

async function seedKey(demo: DemoKey, customer: Customer, now: Date): Promise<SeededKey> {
  const createdAt = before(now, demo.createdDaysAgo * dayMs);
  const expiresAt =
    demo.expiresInDays === null ? null : new Date(now.getTime() + demo.expiresInDays * dayMs).toISOString();
  const { result } = await createKey(
    systemCtx('seed', customer, () => createdAt),
    { name: demo.name, scopes: demo.scopes, expires_at: expiresAt },
  );
  const { api_key_id: id } = result.key;
  const lastUsedAt = demo.lastUsedMinutesAgo === null ? null : before(now, demo.lastUsedMinutesAgo * minuteMs);
  await db().transaction(async tx => {
    const used = await tx
      .update(apiKeys)
      .set({ lastUsedAt, lastUsedMirroredAt: lastUsedAt, createdBy: customer.adminEmail })
      .where(eq(apiKeys.apiKeyId, id))
      .returning();
    await enqueue(tx, keyRefs(...used));
  });
  if (lastUsedAt)
    await seedKeyCalls({ apiKeyId: id, createdAt, lastUsedAt, random: seededRandom(demo.createdDaysAgo) });
  if (demo.revoked)
    await revokeKey(
      systemCtx('seed', customer, () => before(now, 20 * dayMs)),
      { api_key_id: id, reason: 'replaced by ci-loader' },
    );
  return { apiKeyId: id, name: demo.name, createdAt, text: result.secret.reveal() };
}
