/** What a new customer needs outside Postgres: a Stripe customer and the dataset. After the commit, and by a job until done. */
import { setTimeout as sleep } from 'node:timers/promises';
import { and, asc, eq, gt, isNull, or } from 'drizzle-orm';
import { noteDatasetReady, noteStripeCurrent } from '@/lib/domains/customers/profile';
import { type Customer, customers } from '@/lib/domains/customers/tables';
import { linkStripeCustomer } from '@/lib/domains/subscriptions/stripe/link-customer';
import { isStripeAway, updateStripeCustomer } from '@/lib/domains/subscriptions/stripe/stripe-customer';
import { BigQueryUnavailableError, bigquery } from '@/lib/platform/bigquery/bigquery';
import { db } from '@/lib/platform/db';
import { env } from '@/lib/platform/env';
import { log } from '@/lib/platform/log';
import { ensureTenantDataset } from '@/lib/warehouse/schemas/apply';

/** How long a sign-up's answer waits for Stripe and BigQuery; they go on by themselves, and a job catches up. */
const patienceMs = 2_500;
const pageSize = 200;

/** True when the customer is in Stripe as it is here. */
async function provisionStripe(customer: Customer): Promise<boolean> {
  const { stripeCustomerId, stripeOutdated } = customer;
  if (!stripeCustomerId) {
    await linkStripeCustomer(customer);
  } else if (stripeOutdated) {
    await updateStripeCustomer(stripeCustomerId, customer);
    await noteStripeCurrent(customer);
  }
  return true;
}

async function provisionDataset({ customerId, tenantDatasetId, datasetReadyAt }: Customer): Promise<boolean> {
  if (datasetReadyAt) return true;
  const changes = await ensureTenantDataset(bigquery(), tenantDatasetId, env().BIGQUERY_LOCATION);
  const refused = changes.find(change => change.kind === 'refuse');
  if (refused) throw new Error(`${[refused.dataset, refused.table].filter(Boolean).join('.')}: ${refused.detail}`);
  await noteDatasetReady(customerId);
  return true;
}

const unready = () =>
  and(
    isNull(customers.deletionRequestedAt),
    or(isNull(customers.stripeCustomerId), eq(customers.stripeOutdated, true), isNull(customers.datasetReadyAt)),
  );

async function readUnready(after: string, customerId?: string): Promise<Customer[]> {
  return db()
    .select()
    .from(customers)
    .where(
      and(unready(), gt(customers.customerId, after), customerId ? eq(customers.customerId, customerId) : undefined),
    )
    .orderBy(asc(customers.customerId))
    .limit(pageSize);
}

export type ProvisionReport = {
  ready: number;
  waiting: number;
  /** Parts that could not be reached: no further customer was tried there. */
  away: string[];
};

type Part = { name: string; isAway: (error: unknown) => boolean; provide: (customer: Customer) => Promise<boolean> };
const parts: Part[] = [
  { name: 'Stripe', isAway: isStripeAway, provide: provisionStripe },
  { name: 'BigQuery', isAway: error => error instanceof BigQueryUnavailableError, provide: provisionDataset },
];

async function provisionPart(part: Part, customer: Customer, away: Set<string>): Promise<boolean> {
  if (away.has(part.name)) return false;
  try {
    return await part.provide(customer);
  } catch (error) {
    if (part.isAway(error)) away.add(part.name);
    // Its reason alone: a client's error may carry the request with the address in it.
    const reason = error instanceof Error ? error.message : String(error);
    log().warn({ customer: customer.customerId, part: part.name, reason }, 'a customer is not provisioned yet');
    return false;
  }
}

/**
 * Makes what is missing for customers without a Stripe customer or dataset, of all or of one; never throws for a part that
 * is down. Customers whose deletion is requested are left alone.
 */
export async function provisionCustomers(customerId?: string): Promise<ProvisionReport> {
  const away = new Set<string>();
  const report = { ready: 0, waiting: 0 };
  for (let page = await readUnready('', customerId); page.length > 0; ) {
    for (const customer of page) {
      const done = await Promise.all(parts.map(part => provisionPart(part, customer, away)));
      if (done.every(Boolean)) report.ready++;
      else report.waiting++;
    }
    if (away.size === parts.length) break;
    page = await readUnready(page.at(-1)?.customerId ?? '', customerId);
  }
  return { ...report, away: [...away] };
}

/** Starts provisioning one customer and waits a moment for it; what is not done by then goes on or is left to the job. */
export async function provisionSoon(customerId: string): Promise<void> {
  const work = provisionCustomers(customerId).catch(error =>
    log().warn({ err: error, customer: customerId }, 'a customer is left to the provisioning job'),
  );
  const enough = new AbortController();
  await Promise.race([work, sleep(patienceMs, undefined, { signal: enough.signal })]).finally(() => enough.abort());
}
