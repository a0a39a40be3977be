/** Asks before the plan changes: what is to pay now by Stripe's own preview, when it holds, what will not fit. */
import { redirect } from 'next/navigation';
import { LinkButton } from '@/app/_ui/button';
import { Form } from '@/app/_ui/form';
import { formatDate, formatDay } from '@/app/_ui/format';
import { Notice } from '@/app/_ui/notice';
import { PageHeader } from '@/app/_ui/page-header';
import { ErrorState } from '@/app/_ui/states';
import { SubmitButton } from '@/app/_ui/submit-button';
import { adminsOnlyPage } from '@/app/(portal)/_shell/denied-page';
import { PortalPage } from '@/app/(portal)/_shell/portal-page';
import { pageTitle } from '@/app/(portal)/_shell/visitor';
import { KeepButton, PortalButton } from '@/app/(portal)/billing/_parts/billing-forms';
import { misfitTexts, moneyText, ownPriceText, priceText } from '@/app/(portal)/billing/_parts/billing-text';
import { changePlanAction } from '@/app/(portal)/billing/actions';
import type { PendingUpgrade } from '@/lib/domains/subscriptions/change/pending-upgrade';
import { type ChangePreview, previewChange } from '@/lib/domains/subscriptions/change/preview';
import { previewInput } from '@/lib/domains/subscriptions/input';
import { type PlanName, planTitle } from '@/lib/domains/subscriptions/rules';
import { requireMember, type Visitor, visitorMay } from '@/lib/edge/portal/page';
import { requireCustomer } from '@/lib/kernel/ctx';
import { AppError } from '@/lib/platform/errors';
import { newUuid } from '@/lib/platform/ids';

export const generateMetadata = () => pageTitle('Change plan');

type Props = { searchParams: Promise<Record<string, string | string[] | undefined>> };

type Asked = { preview: ChangePreview } | { refusal: string } | { away: true };

/** What Stripe and our rules say of the change; without a subscription the plan is chosen on the Billing page. */
async function ask(visitor: Visitor, plan: PlanName): Promise<Asked> {
  try {
    return { preview: await previewChange(requireCustomer(visitor.ctx), plan) };
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    if (error.code === 'payment_service_unavailable') return { away: true };
    if (error.code !== 'conflict') throw error;
    if (error.details?.next === 'checkout') redirect('/billing');
    return { refusal: error.message };
  }
}

const titleOf = (asked: Asked, plan: PlanName): string =>
  'preview' in asked && asked.preview.payment
    ? `Upgrade to ${planTitle(asked.preview.payment.plan)}: confirm the payment`
    : `Change to ${planTitle(plan)}?`;

export default async function ChangePlanPage({ searchParams }: Props) {
  const visitor = await requireMember();
  const { customerId } = visitor.membership;
  if (!visitorMay(visitor, 'billing:write'))
    return adminsOnlyPage(visitor, 'subscription.change_plan', 'change the plan');
  const parsed = previewInput.safeParse({ plan: (await searchParams).plan });
  if (!parsed.success) redirect('/billing');
  const { plan } = parsed.data;
  const asked = await ask(visitor, plan);
  if ('preview' in asked && asked.preview.direction === 'same') redirect('/billing');
  return (
    <PortalPage visitor={visitor} current="billing" crumbs={[{ label: 'Change plan' }]}>
      <PageHeader title={titleOf(asked, plan)} />
      <div className="flex max-w-form flex-col gap-6">
        {'preview' in asked && <Preview preview={asked.preview} customerId={customerId} />}
        {'refusal' in asked && <Refused text={asked.refusal} customerId={customerId} />}
        {'away' in asked && (
          <ErrorState
            title="Stripe cannot be reached. Nothing was changed."
            retryHref={`/billing/change?plan=${plan}`}
            requestId={visitor.ctx.requestId}
          />
        )}
      </div>
    </PortalPage>
  );
}

function Refused({ text, customerId }: { text: string; customerId: string }) {
  return (
    <div className="flex flex-col items-start gap-4">
      <Notice tone="warn">{text}</Notice>
      <div className="flex flex-wrap items-start gap-2">
        <PortalButton customerId={customerId} variant="primary">
          Manage in Stripe
        </PortalButton>
        <LinkButton href="/billing">Back to billing</LinkButton>
      </div>
    </div>
  );
}

/** When it holds and what it costs, in one paragraph. */
function consequence({ from, to, direction, trial_end, effective_at, amount_due_cents, currency }: ChangePreview) {
  if (direction === 'downgrade' && effective_at)
    return `${planTitle(to)} starts on ${formatDate(effective_at)}. Until then ${planTitle(from)} and its limits stay, and nothing is paid back.`;
  if (trial_end) {
    return `Nothing to pay until ${formatDay(trial_end)}. New limits apply at once.`;
  }
  return `You pay ${moneyText(amount_due_cents, currency)} today for the rest of this month; new limits apply at once.`;
}

/** What is asked: the upgrade that waits for its payment comes before any other change. */
function Preview({ preview, customerId }: { preview: ChangePreview; customerId: string }) {
  const { payment, from } = preview;
  if (payment) return <Unconfirmed payment={payment} plan={from} customerId={customerId} />;
  return <Confirm preview={preview} customerId={customerId} />;
}

/** The bank has asked the cardholder: where to answer it, and the way back. */
function Unconfirmed({ payment, plan, customerId }: { payment: PendingUpgrade; plan: PlanName; customerId: string }) {
  const amount = moneyText(payment.amount_due_cents, payment.currency);
  return (
    <>
      <Notice tone="warn" title="Your bank asks you to confirm this payment">
        <p>
          Confirm {amount} on the page of the invoice, or pay it there with another card. {planTitle(payment.plan)} and
          its limits start once it is paid; until then {planTitle(plan)} stays. Without the payment the upgrade is
          forgotten within a day, and nothing is charged.
        </p>
      </Notice>
      <div className="flex flex-wrap items-start gap-2">
        <LinkButton href={payment.url} variant="primary" external>
          Confirm in Stripe
        </LinkButton>
        <KeepButton customerId={customerId}>Keep {planTitle(plan)}</KeepButton>
        <LinkButton href="/billing">Back to billing</LinkButton>
      </div>
    </>
  );
}

function Confirm({ preview, customerId }: { preview: ChangePreview; customerId: string }) {
  const { from, to, direction, effective_at, proration_date, amount_due_cents, misfits } = preview;
  const hidden: Record<string, string> = {
    plan: to,
    direction,
    amount_cents: String(amount_due_cents),
    ...(proration_date === null ? {} : { proration_date: String(proration_date) }),
  };
  return (
    <>
      <section aria-label="The change" className="card flex flex-col gap-3 p-4">
        <dl className="grid grid-cols-[auto_1fr] gap-x-6 gap-y-1 tabular-nums">
          <dt className="text-muted">Now</dt>
          <dd>
            {planTitle(from)}, {ownPriceText({ monthly_price_cents: preview.current_price_cents })}
          </dd>
          <dt className="text-muted">Then</dt>
          <dd>
            {planTitle(to)}, {priceText(to)}
          </dd>
        </dl>
        <p>{consequence(preview)}</p>
      </section>
      {effective_at && misfits.length > 0 && (
        <Notice tone="warn" title={`What does not fit ${planTitle(to)}`}>
          <ul className="list-disc space-y-1 pl-5">
            {misfitTexts(to, effective_at, misfits).map(text => (
              <li key={text}>{text}</li>
            ))}
          </ul>
        </Notice>
      )}
      <Form action={changePlanAction} customerId={customerId} hidden={hidden} idempotencyKey={newUuid()}>
        <div className="flex flex-wrap gap-2">
          <SubmitButton pending="Changing the plan…">
            {direction === 'upgrade' ? `Upgrade to ${planTitle(to)}` : `Downgrade to ${planTitle(to)}`}
          </SubmitButton>
          <LinkButton href="/billing">Cancel</LinkButton>
        </div>
      </Form>
      {direction === 'upgrade' && !preview.trial_end && (
        <div className="flex flex-col items-start gap-2 border-t border-border pt-4">
          <p className="text-muted">The card on file is charged. To pay with another one, change it first.</p>
          <PortalButton customerId={customerId} variant="quiet" flow="payment_method">
            Update the card in Stripe
          </PortalButton>
        </div>
      )}
    </>
  );
}
