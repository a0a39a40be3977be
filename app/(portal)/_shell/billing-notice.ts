/** What must be said about paying: a payment that failed, a subscription that ended, a trial without a card. Pure. */
import { formatDate, formatDay } from '@/app/_ui/format';
import type { BillingView } from '@/lib/domains/subscriptions/view';

/** What helps: card is Stripe's portal, invoice is Stripe's page of the open invoice, plan is a plan card on the Billing page. */
export type BillingHelp = 'card' | 'invoice' | 'plan';

export type BillingNotice = { text: string; help: BillingHelp };

type Known = Pick<BillingView, 'status' | 'past_due' | 'has_subscription' | 'trial_end_date' | 'ended_at'>;

/** Words of the button that helps. */
export const helpWords: Record<BillingHelp, string> = {
  card: 'Update card',
  invoice: 'Pay invoice',
  plan: 'Choose a plan',
};

const paused = 'Runs are paused; your data is kept.';

function failedOn({ failed_at, since, reason }: NonNullable<BillingView['past_due']>): string {
  return `${formatDay(failed_at ?? since)}${reason ? ` (${reason})` : ''}`;
}

function expired({ past_due, has_subscription, trial_end_date }: Known): BillingNotice {
  if (past_due)
    return { text: `The payment of ${failedOn(past_due)} failed and is still owed. ${paused}`, help: 'invoice' };
  if (has_subscription) return { text: `The subscription is not paid. ${paused}`, help: 'card' };
  const ended = trial_end_date ? `Your trial ended on ${formatDay(trial_end_date)}.` : 'The subscription has ended.';
  return { text: `${ended} ${paused}`, help: 'plan' };
}

/** Why runs are paused or soon will be for want of a payment; null where nothing is owed. Texts follow docs/ui.md, Billing. */
export function billingNotice(view: Known): BillingNotice | null {
  switch (view.status) {
    case 'PAST_DUE': {
      const { past_due } = view;
      if (!past_due) return { text: 'A payment is owed. Pay the invoice to keep running pipelines.', help: 'invoice' };
      const text = `The last payment failed on ${failedOn(past_due)}. Pay the invoice before ${formatDay(past_due.runs_until)} to keep running pipelines.`;
      return { text, help: 'invoice' };
    }
    case 'EXPIRED':
      return expired(view);
    case 'CANCELLED': {
      const on = view.ended_at ? ` on ${formatDate(view.ended_at)}` : '';
      return { text: `The subscription ended${on}. ${paused}`, help: 'plan' };
    }
    case 'ACTIVE':
    case 'TRIAL':
      return null;
    default:
      return view.status satisfies never;
  }
}

/** True where nobody can be charged when the trial ends. */
export const lacksCard = ({ has_subscription, card_on_file }: Pick<BillingView, 'has_subscription' | 'card_on_file'>) =>
  !has_subscription || card_on_file === false;
