/** Billing: the current plan, what of it is in use, the other plans, the invoices; paying itself is Stripe's. */
import { listParams } from '@/app/_ui/list-params';
import { PageHeader } from '@/app/_ui/page-header';
import { OverSeats } from '@/app/(portal)/_shell/over-seats';
import { PortalPage } from '@/app/(portal)/_shell/portal-page';
import { pageTitle, visitorQuota, visitorSubscription } from '@/app/(portal)/_shell/visitor';
import { backFromStripe, isOpen } from '@/app/(portal)/billing/_parts/back-from-stripe';
import { nextTry } from '@/app/(portal)/billing/_parts/billing-text';
import { InvoiceTable } from '@/app/(portal)/billing/_parts/invoice-table';
import { Outcome, Owed, Planned, TrialLine } from '@/app/(portal)/billing/_parts/notices';
import { PlanCards } from '@/app/(portal)/billing/_parts/plan-cards';
import { PlanLine } from '@/app/(portal)/billing/_parts/plan-line';
import { UseCard } from '@/app/(portal)/billing/_parts/use-card';
import { eventUse } from '@/lib/domains/events/volume/event-use';
import { providerUse } from '@/lib/domains/providers/queries';
import { type InvoicePage, listInvoices } from '@/lib/domains/subscriptions/queries';
import { readAdmins } from '@/lib/domains/team/membership';
import { readSeats } from '@/lib/domains/team/seats';
import { landing } from '@/lib/edge/portal/landing';
import { requireMember, visitorMay } from '@/lib/edge/portal/page';
import { type CardData, cardData } from '@/lib/edge/portal/page-card';
import { type CustomerCtx, requireCustomer } from '@/lib/kernel/ctx';
import { AppError } from '@/lib/platform/errors';

export const generateMetadata = () => pageTitle('Billing');

type Props = { searchParams: Promise<Record<string, string | string[] | undefined>> };

/** The page that the address names; a wrong cursor starts over. */
async function readInvoices(ctx: CustomerCtx, after: string | undefined): Promise<CardData<InvoicePage>> {
  try {
    return await cardData(ctx.requestId, listInvoices(ctx, { after }));
  } catch (error) {
    const starts = error instanceof AppError && (error.code === 'invalid_cursor' || error.code === 'invalid_input');
    if (starts && after !== undefined) return readInvoices(ctx, undefined);
    throw error;
  }
}

export default async function BillingPage({ searchParams }: Props) {
  const visitor = await requireMember();
  const search = listParams(await searchParams);
  const ctx = requireCustomer(visitor.ctx);
  const { customerId } = visitor.membership;
  const mayWrite = visitorMay(visitor, 'billing:write');
  // Back from Stripe the page leads to itself, and says in its address that the subscription has started, if it has.
  const { done = search.done === 'started' ? search.done : undefined } = await landing();
  const outcome = mayWrite ? await backFromStripe(ctx, search) : 'none';
  const [view, quota, seats, providers, events, invoices, admins] = await Promise.all([
    visitorSubscription(visitor),
    visitorQuota(visitor),
    readSeats(ctx),
    providerUse(ctx),
    eventUse(ctx),
    mayWrite ? readInvoices(ctx, search.after) : null,
    mayWrite ? [] : readAdmins(customerId),
  ]);
  const isPending = isOpen(outcome);
  const about = {
    view,
    use: { seats: seats.used, providers: providers.active, runsToday: quota.runsToday },
    customerId,
    mayWrite: mayWrite && !isPending,
    now: quota.asOf,
  };
  return (
    <PortalPage visitor={visitor} current="billing">
      <PageHeader
        title="Billing"
        sentence="The plan, what of it is in use, and the invoices. Cards and payments are kept by Stripe."
        viewOnly={mayWrite ? undefined : { admins }}
      />
      <div className="flex flex-col gap-6">
        <Outcome outcome={outcome} done={done} view={view} nextHref={nextTry(search)} />
        <Owed {...about} withCard={outcome === 'card'} />
        {!isPending && <TrialLine {...about} />}
        <Planned {...about} />
        <OverSeats seats={seats} action={mayWrite ? { label: 'See who has seats', href: '/team' } : undefined} />
        <PlanLine view={view} customerId={customerId} mayWrite={about.mayWrite} />
        <UseCard quota={quota} seats={seats} providers={providers} events={events} />
        <PlanCards view={view} customerId={customerId} withButtons={about.mayWrite} />
        {invoices && (
          <InvoiceTable page={invoices} params={search} requestId={ctx.requestId} inTrial={view.trial !== null} />
        )}
      </div>
    </PortalPage>
  );
}
