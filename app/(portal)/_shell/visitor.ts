/** What shell and page both show of a visitor, read once a request, so that the same figure is never shown twice unlike. */
import type { Metadata } from 'next';
import { cache } from 'react';
import { type Quota, readQuota } from '@/lib/domains/quotas/read-quota';
import { readSubscription } from '@/lib/domains/subscriptions/queries';
import type { BillingView } from '@/lib/domains/subscriptions/view';
import { requireMember, type Visitor } from '@/lib/edge/portal/page';
import { requireCustomer } from '@/lib/kernel/ctx';

/** The organization's quota from Postgres; its asOf is the page's present. */
export const visitorQuota = cache((visitor: Visitor): Promise<Quota> => readQuota(requireCustomer(visitor.ctx)));

/** The organization's plan from Postgres. */
export const visitorSubscription = cache(
  (visitor: Visitor): Promise<BillingView> => readSubscription(requireCustomer(visitor.ctx)),
);

/** "Usage · Acme · Tenantry". */
export async function pageTitle(title: string): Promise<Metadata> {
  const { membership } = await requireMember();
  return { title: `${title} · ${membership.companyName} · Tenantry` };
}

/** How lists show instants to this person: relative, or exact if they chose so in their profile; Time knows by which clock. */
export const timeMode = (visitor: Visitor): 'relative' | 'absolute' =>
  visitor.session.person.timeDisplay === 'relative' ? 'relative' : 'absolute';
