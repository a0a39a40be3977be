/** What a page must tell of quota, subscription and trial, in order of priority. Pure; texts follow docs/ui.md, Shell. */

import { formatCount, formatDate, formatDay, formatDuration, formatPlural } from '@/app/_ui/format';
import { meterState } from '@/app/_ui/meter-state';
import { billingNotice, helpWords, lacksCard } from '@/app/(portal)/_shell/billing-notice';
import type { Quota } from '@/lib/domains/quotas/read-quota';
import type { BillingView } from '@/lib/domains/subscriptions/view';

export type BannerFacts = Pick<
  Quota,
  | 'runsToday'
  | 'dailyLimit'
  | 'runsMonth'
  | 'monthlyLimit'
  | 'apiCallsMonth'
  | 'apiCallsMonthLimit'
  | 'resetsAt'
  | 'monthResetsAt'
  | 'refusalReason'
> & {
  customerStatus: string;
  trialEndDate: string | null;
  /** When the organization will be erased; null unless its deletion was asked for. */
  deletionDueAt: Date | null;
  /** The current plan; null where a page has not read it. */
  billing: BillingView | null;
  /** Names of credentials that fail their connection test, the longest failing first. */
  failingCredentials: readonly string[];
  now: Date;
  /** Whether the visitor may change the plan; else the text ends with whom to ask. */
  mayAct: boolean;
  admins: readonly string[];
};

export type BannerContent = {
  tone: 'bad' | 'warn';
  text: string;
  /** The section that explains it. */
  about: 'usage' | 'billing' | 'credentials';
  /** What helps, done on the Billing page or on that of the credentials; left out where nothing of ours does. */
  help?: string;
};

const dayMs = 86_400_000;

/** Whole days from today's UTC day to `day`; 0 on that day. */
export function daysUntil(day: string, now: Date): number {
  return Math.round(
    (Date.parse(`${day}T00:00:00Z`) - Date.parse(`${now.toISOString().slice(0, 10)}T00:00:00Z`)) / dayMs,
  );
}

const inDays = (days: number): string => (days <= 0 ? 'today' : days === 1 ? 'tomorrow' : `in ${days} days`);

/** 0: it all ends, which is also why nothing can run. */
function deletion({ deletionDueAt }: BannerFacts): BannerContent[] {
  if (!deletionDueAt) return [];
  const text = `This organization will be erased on ${formatDate(deletionDueAt)}. Runs are refused. Until then an owner can restore it in Settings → Danger zone.`;
  return [{ tone: 'bad', text, about: 'billing' }];
}

/** 1: a payment failed or the subscription ended. */
function unpaid({ billing, deletionDueAt }: BannerFacts): BannerContent[] {
  const notice = billing && !deletionDueAt ? billingNotice(billing) : null;
  return notice ? [{ tone: 'bad', text: notice.text, about: 'billing', help: helpWords[notice.help] }] : [];
}

/** 1: nothing can run. */
function refused(facts: BannerFacts): BannerContent[] {
  const { refusalReason, deletionDueAt } = facts;
  if (deletionDueAt) return [];
  switch (refusalReason) {
    case 'customer_suspended':
      return [
        {
          tone: 'bad',
          text: 'This organization is suspended. Runs and changes are refused until support lifts it.',
          about: 'billing',
        },
      ];
    case 'subscription_inactive':
      if (unpaid(facts).length > 0) return [];
      return [
        {
          tone: 'bad',
          text: 'The subscription is not active. Runs are paused; your data is kept.',
          about: 'billing',
        },
      ];
    case null:
      return [];
    default:
      return refusalReason satisfies never;
  }
}

type Limit = { used: number; limit: number | null; full: string; near: string };

/** 2 and 4: limits that refuse something now, and those four fifths used. */
function limits(facts: BannerFacts): { blocked: BannerContent[]; near: BannerContent[] } {
  const wait = formatDuration(facts.resetsAt.getTime() - facts.now.getTime());
  const monthEnd = `until ${formatDay(facts.monthResetsAt)}, 00:00 UTC`;
  const of = (used: number, limit: number | null) => `${formatCount(used)} of ${formatCount(limit)}`;
  const day = of(facts.runsToday, facts.dailyLimit);
  const month = of(facts.runsMonth, facts.monthlyLimit);
  const calls = of(facts.apiCallsMonth, facts.apiCallsMonthLimit);
  const all: Limit[] = [
    {
      used: facts.runsToday,
      limit: facts.dailyLimit,
      full: `Daily run limit reached: ${day}. New runs are refused until 00:00 UTC (in ${wait}).`,
      near: `${day} runs of today are used.`,
    },
    {
      used: facts.runsMonth,
      limit: facts.monthlyLimit,
      full: `Monthly run limit reached: ${month}. New runs are refused ${monthEnd}.`,
      near: `${month} runs of this month are used.`,
    },
    {
      used: facts.apiCallsMonth,
      limit: facts.apiCallsMonthLimit,
      full: `Monthly API call limit reached: ${calls}. Calls are refused ${monthEnd}.`,
      near: `${calls} API calls of this month are used.`,
    },
  ];
  const states = all.map(item => ({ ...item, state: meterState(item.used, item.limit, 'refuse') }));
  return {
    blocked: states
      .filter(({ state }) => state === 'blocked' || state === 'over')
      .map(({ full }) => ({ tone: 'bad', text: full, about: 'usage', help: 'Change plan' })),
    near: states
      .filter(({ state }) => state === 'warn')
      .map(({ near }) => ({ tone: 'warn', text: near, about: 'usage', help: 'Change plan' })),
  };
}

/** 3: the trial's last three days, where nobody could be charged after them. */
function trialEnds({ customerStatus, trialEndDate, billing, now }: BannerFacts): BannerContent[] {
  if (billing && !lacksCard(billing)) return [];
  const days = customerStatus === 'TRIAL' && trialEndDate ? daysUntil(trialEndDate, now) : null;
  if (days === null || trialEndDate === null || days > 3) return [];
  const text = `Trial ends ${inDays(days)}, on ${formatDate(trialEndDate)}. Add a card to keep running pipelines.`;
  return [{ tone: 'warn', text, about: 'billing', help: 'Add card' }];
}

/** 5: a credential failing. */
function failing({ failingCredentials }: BannerFacts): BannerContent[] {
  const [first, ...others] = failingCredentials;
  if (first === undefined) return [];
  const text =
    others.length === 0
      ? `The credential “${first}” fails its connection test. Runs that use it may fail.`
      : `“${first}” and ${formatPlural(others.length, 'more credential')} fail their connection tests. Runs that use them may fail.`;
  return [{ tone: 'warn', text, about: 'credentials', help: 'Open credentials' }];
}

/** Everything to tell, most pressing first: the first is the page's banner, the rest stands in "Needs attention". */
export function bannersByPriority(facts: BannerFacts): BannerContent[] {
  const { blocked, near } = limits(facts);
  return [
    ...deletion(facts),
    ...refused(facts),
    ...unpaid(facts),
    ...blocked,
    ...trialEnds(facts),
    ...near,
    ...failing(facts),
  ];
}

/** The banner of highest priority; null when nothing needs one. Who may not act is told whom to ask, and given no button. */
export function chooseBanner(facts: BannerFacts): BannerContent | null {
  const [banner] = bannersByPriority(facts);
  if (!banner || facts.mayAct) return banner ?? null;
  if (facts.admins.length === 0) return { ...banner, help: undefined };
  return { ...banner, help: undefined, text: `${banner.text} Ask an admin: ${facts.admins.join(', ')}.` };
}

/** "Trial: 9 days left", or null outside a trial. */
export function trialLine(customerStatus: string, trialEndDate: string | null, now: Date): string | null {
  if (customerStatus !== 'TRIAL' || !trialEndDate) return null;
  const days = daysUntil(trialEndDate, now);
  if (days < 0) return `Trial ended on ${formatDate(trialEndDate)}`;
  return days === 0 ? 'Trial ends today' : `Trial: ${days} ${days === 1 ? 'day' : 'days'} left`;
}
