/** What the page says first: back from Stripe, what is owed, the trial, a planned change or end. */
import type { ReactNode } from 'react';
import { LinkButton } from '@/app/_ui/button';
import { formatDate, formatDay } from '@/app/_ui/format';
import { Notice } from '@/app/_ui/notice';
import { type BillingHelp, billingNotice, helpWords, lacksCard } from '@/app/(portal)/_shell/billing-notice';
import { Activating } from '@/app/(portal)/billing/_parts/activating';
import type { Return } from '@/app/(portal)/billing/_parts/back-from-stripe';
import { CheckoutButton, KeepButton, PayButton, PortalButton } from '@/app/(portal)/billing/_parts/billing-forms';
import { misfitTexts, trialText } from '@/app/(portal)/billing/_parts/billing-text';
import { misfitsOf } from '@/lib/domains/subscriptions/change/change-rules';
import { planTitle } from '@/lib/domains/subscriptions/rules';
import type { BillingView } from '@/lib/domains/subscriptions/view';

type Props = {
  view: BillingView;
  use: { seats: number; providers: number; runsToday: number };
  customerId: string;
  mayWrite: boolean;
  now: Date;
};

const waiting = {
  pending: {
    asking: 'Payment received. Activating your plan, usually under a minute.',
    givenUp:
      'Payment received. Stripe has not confirmed it yet; the plan starts by itself when it does. You need not pay again.',
  },
  unsure: {
    asking: 'Stripe cannot be reached to confirm the payment. Asking again …',
    givenUp: 'Stripe cannot be reached to confirm the payment. If it was made, the plan starts by itself.',
  },
} as const;

/** What came of the visit to Stripe or of the form; `nextHref` is where a browser without JavaScript asks again. */
export function Outcome({
  outcome,
  done,
  view,
  nextHref,
}: {
  outcome: Return;
  done?: string;
  view: BillingView;
  nextHref: string | null;
}) {
  if (outcome === 'pending' || outcome === 'unsure')
    return (
      <Notice tone="info">
        <Activating {...waiting[outcome]} />
        {nextHref && (
          <noscript>
            <meta httpEquiv="refresh" content={`2;url=${nextHref}`} />
          </noscript>
        )}
      </Notice>
    );
  if (outcome === 'flagged')
    return (
      <Notice tone="warn">
        Payment received. It does not match a plan of this organization; our support looks at it. You need not pay
        again.
      </Notice>
    );
  if (outcome === 'away')
    return (
      <Notice tone="warn">
        Stripe cannot be asked at the moment. What is shown is the state before; a change shows up here by itself.
      </Notice>
    );
  if (done === 'declined' && view.past_due)
    return (
      <Notice tone="warn">
        The new card is saved, but the invoice could not be charged to it. Pay it on Stripe’s page, or update the card
        again.
      </Notice>
    );
  const text = doneText(done, view);
  return (
    text && (
      <Notice tone="ok" closable>
        {text}
      </Notice>
    )
  );
}

/** Said only where it is so: the address can be opened again later. */
function doneText(
  done: string | undefined,
  { plan, has_subscription, scheduled, past_due }: BillingView,
): string | null {
  if (done === 'nothing') return past_due ? null : 'Nothing is owed.';
  if (done === 'paid') return past_due ? null : 'The invoice is paid with the new card.';
  if (!has_subscription || scheduled) return null;
  switch (done) {
    case 'started':
      return `You are on ${planTitle(plan)}.`;
    case 'changed':
      return `You are on ${planTitle(plan)}. Its limits apply now.`;
    case 'kept':
      return `${planTitle(plan)} stays. No change is planned.`;
    default:
      return null;
  }
}

/** A payment that is owed or a subscription that ended, with what helps; `withCard`: the visitor has just put a card in. */
export function Owed({ view, customerId, mayWrite, withCard }: Props & { withCard: boolean }) {
  const notice = billingNotice(view);
  if (!notice) return null;
  const help = withCard && notice.help === 'invoice' ? 'pay' : notice.help;
  return (
    <Notice tone="bad" action={mayWrite && <OwedHelp help={help} view={view} customerId={customerId} />}>
      {notice.text} {notice.help === 'plan' && mayWrite && 'Choose a plan to go on.'}
      {help === 'pay' && mayWrite && 'It can be charged to the card on file now.'}
    </Notice>
  );
}

/** An owed invoice is paid on Stripe's page of it, or by the card that was just put in. */
function OwedHelp({
  help,
  view,
  customerId,
}: Pick<Props, 'view' | 'customerId'> & { help: BillingHelp | 'pay' }): ReactNode {
  const card = (variant: 'primary' | 'plain') => (
    <PortalButton customerId={customerId} variant={variant} flow="payment_method">
      {helpWords.card}
    </PortalButton>
  );
  switch (help) {
    case 'plan':
      return null;
    case 'card':
      return card('primary');
    case 'pay':
      return (
        <div className="flex flex-wrap items-start gap-2">
          <PayButton customerId={customerId}>Pay now</PayButton>
          {card('plain')}
        </div>
      );
    case 'invoice': {
      const url = view.past_due?.invoice_url;
      return (
        <div className="flex flex-wrap items-start gap-2">
          {url ? (
            <LinkButton href={url} variant="primary" external>
              {helpWords.invoice}
            </LinkButton>
          ) : (
            <PortalButton customerId={customerId} variant="primary">
              {helpWords.invoice}
            </PortalButton>
          )}
          {card('plain')}
        </div>
      );
    }
    default:
      return help satisfies never;
  }
}

/** The trial's line, with the way to a card where there is none. */
export function TrialLine({ view, customerId, mayWrite, now }: Props) {
  const text = trialText(view, now);
  if (!text) return null;
  return (
    <Notice tone="info" action={mayWrite && lacksCard(view) && <AddCard view={view} customerId={customerId} />}>
      {text}
    </Notice>
  );
}

function AddCard({ view, customerId }: Pick<Props, 'view' | 'customerId'>): ReactNode {
  return view.has_subscription ? (
    <PortalButton customerId={customerId} variant="primary" flow="payment_method">
      Add card
    </PortalButton>
  ) : (
    <CheckoutButton customerId={customerId} variant="primary" plan={view.plan}>
      Add card
    </CheckoutButton>
  );
}

/** A change or an end that is planned, and the way to take it back. */
export function Planned({ view, use, customerId, mayWrite }: Props) {
  const { scheduled, ends_at } = view;
  if (ends_at)
    return (
      <Notice tone="warn" action={mayWrite && <PortalButton customerId={customerId}>Renew in Stripe</PortalButton>}>
        The plan ends on {formatDate(ends_at)}. From then on runs are paused; your data is kept.
      </Notice>
    );
  if (!scheduled) return null;
  const misfits = misfitTexts(scheduled.plan, scheduled.at, misfitsOf(scheduled.plan, use));
  return (
    <Notice
      tone={misfits.length > 0 ? 'warn' : 'info'}
      action={mayWrite && <KeepButton customerId={customerId}>Keep {planTitle(view.plan)}</KeepButton>}
    >
      <p>
        Changes to {planTitle(scheduled.plan)} on {formatDay(scheduled.at)}.
      </p>
      {misfits.map(text => (
        <p key={text}>{text}</p>
      ))}
    </Notice>
  );
}
