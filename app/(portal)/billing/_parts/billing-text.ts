/** Sentences and addresses of the billing pages. Pure; texts follow docs/ui.md, Billing. */
import { formatDate, formatDay, formatPlural, formatUsd } from '@/app/_ui/format';
import { daysUntil } from '@/app/(portal)/_shell/banner';
import { lacksCard } from '@/app/(portal)/_shell/billing-notice';
import { type Misfit, trialToPassOn } from '@/lib/domains/subscriptions/change/change-rules';
import { type PlanName, plans, planTitle } from '@/lib/domains/subscriptions/rules';
import type { BillingView } from '@/lib/domains/subscriptions/view';

/** "$199 / month": what a plan costs who chooses it now. */
export const priceText = (plan: PlanName): string =>
  `${formatUsd(plans[plan].priceUsdPerMonth * 100, { cents: false })} / month`;

/** "$199 / month": what the current plan costs this organization, who may pay a price that is no longer offered. */
export const ownPriceText = ({ monthly_price_cents: cents }: Pick<BillingView, 'monthly_price_cents'>): string =>
  `${formatUsd(cents, { cents: cents % 100 !== 0 })} / month`;

/** An amount, in its currency's smallest unit, as that currency is written; dollars as the rest of the interface writes them. */
export function moneyText(amount: number, currency: string): string {
  if (currency === 'USD') return formatUsd(amount);
  const format = new Intl.NumberFormat('en-US', { style: 'currency', currency });
  return format.format(amount / 10 ** (format.resolvedOptions().maximumFractionDigits ?? 2));
}

type Trial = Pick<BillingView, 'trial' | 'has_subscription' | 'card_on_file' | 'monthly_price_cents' | 'next_invoice'>;

/** The line over a trial: how long it lasts, and what it will cost from when on; null outside of one. */
export function trialText(view: Trial, now: Date): string | null {
  const { trial } = view;
  if (!trial) return null;
  const days = daysUntil(trial.last_day, now);
  const left = days <= 0 ? 'Trial: last day' : `Trial: ${formatPlural(days, 'day')} left`;
  const ends = `${left}, ends ${formatDate(trial.last_day)}.`;
  if (!lacksCard(view)) {
    const amount = formatUsd(view.next_invoice?.amount_cents ?? view.monthly_price_cents);
    return `${ends} You will not be charged before. The first payment, ${amount}, is on ${formatDate(trial.ends_at)}.`;
  }
  // Stripe takes no trial of under 48 hours, so that paying begins with the card.
  if (!view.has_subscription && !trialToPassOn(trial.last_day, now))
    return `${ends} Adding a card now starts the paid plan at once.`;
  return `${ends} You will not be charged before.`;
}

/** What in use will not fit the smaller plan, each with what to do. */
export function misfitTexts(plan: PlanName, at: Date, misfits: readonly Misfit[]): string[] {
  return misfits.map(({ what, used, limit }) => {
    switch (what) {
      case 'seats':
        return `${planTitle(plan)} allows ${formatPlural(limit, 'seat')}; you use ${used}. Remove ${formatPlural(used - limit, 'member or invitation', 'members or invitations')} before ${formatDay(at)}, or new invitations stay blocked. Nobody is removed by itself.`;
      case 'providers':
        return `${planTitle(plan)} allows ${formatPlural(limit, 'provider')}; ${used} are on. None is turned off by itself, but no further one can be turned on until ${used - limit === 1 ? 'one is' : `${used - limit} are`} off.`;
      case 'runs_per_day':
        return `${planTitle(plan)} allows ${formatPlural(limit, 'run')} a day; you have started ${used} today. From then on runs over the limit are refused.`;
      default:
        return what satisfies never;
    }
  });
}

type Next = Pick<BillingView, 'next_invoice' | 'ends_at'>;

/** "next invoice 30 Nov 2026, $199.00", or when it ends; null where neither is known. */
export function nextText({ next_invoice, ends_at }: Next): string | null {
  if (ends_at) return `ends ${formatDate(ends_at)}`;
  return next_invoice ? `next invoice ${formatDate(next_invoice.at)}, ${formatUsd(next_invoice.amount_cents)}` : null;
}

const mostTries = 30;

/** Where a browser without JavaScript asks again what came of Checkout; null once it has asked for a minute. */
export function nextTry({ checkout, try: tried = '0' }: { checkout?: string; try?: string }): string | null {
  const count = /^\d{1,2}$/.test(tried) ? Number(tried) : mostTries;
  if (!checkout || count >= mostTries) return null;
  return `/billing?${new URLSearchParams({ checkout, try: String(count + 1) })}`;
}
