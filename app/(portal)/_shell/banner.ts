/** Which one banner a page shows, and the trial line below the navigation. Pure; texts and priority are UI guide 4, Shell. */
import { formatDuration } from '@/app/_ui/format';

export type BannerFacts = {
  customerStatus: string;
  trialEndDate: string | null;
  runsToday: number;
  dailyLimit: number;
  resetsAt: Date;
  refusalReason: 'subscription_inactive' | 'customer_suspended' | null;
  now: Date;
  /** Whether the visitor may change the plan; else the text ends with whom to ask. */
  mayAct: boolean;
  admins: readonly string[];
};

export type BannerContent = { tone: 'bad' | 'warn'; text: string };

const dayMs = 86_400_000;

/** Whole days from today's UTC day to `day`; 0 on that day. */
export function daysUntil(day: string, now: Date): number {
  return Math.round(
    (Date.parse(`${day}T00:00:00Z`) - Date.parse(`${now.toISOString().slice(0, 10)}T00:00:00Z`)) / dayMs,
  );
}

const inDays = (days: number): string => (days <= 0 ? 'today' : days === 1 ? 'tomorrow' : `in ${days} days`);

const longDay = (day: string): string =>
  new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', year: 'numeric', timeZone: 'UTC' }).format(
    new Date(`${day}T00:00:00Z`),
  );

function bannerText(facts: BannerFacts): BannerContent | null {
  const { refusalReason, runsToday, dailyLimit, trialEndDate, customerStatus, now } = facts;
  if (refusalReason === 'customer_suspended')
    return {
      tone: 'bad',
      text: 'This organization is suspended. Runs and changes are refused until support lifts it.',
    };
  if (refusalReason === 'subscription_inactive')
    return { tone: 'bad', text: 'The subscription is not active. Runs are paused; your data is kept.' };
  if (runsToday >= dailyLimit) {
    const wait = formatDuration(facts.resetsAt.getTime() - now.getTime());
    return {
      tone: 'bad',
      text: `Daily run limit reached: ${runsToday} of ${dailyLimit}. New runs are refused until 00:00 UTC (in ${wait}).`,
    };
  }
  const trialDays = customerStatus === 'TRIAL' && trialEndDate ? daysUntil(trialEndDate, now) : null;
  if (trialDays !== null && trialEndDate && trialDays <= 3) {
    return { tone: 'warn', text: `Trial ends ${inDays(trialDays)}, on ${longDay(trialEndDate)}.` };
  }
  if (runsToday >= dailyLimit * 0.8)
    return { tone: 'warn', text: `${runsToday} of ${dailyLimit} runs of today are used.` };
  return null;
}

/** The banner of highest priority; null when nothing needs one. */
export function chooseBanner(facts: BannerFacts): BannerContent | null {
  const banner = bannerText(facts);
  if (!banner || facts.mayAct || facts.admins.length === 0) return banner;
  return { ...banner, text: `${banner.text} Ask an admin: ${facts.admins.join(', ')}.` };
}

/** "Trial: 9 days left", or null outside a trial. */
export function trialLine(customerStatus: string, trialEndDate: string | null, now: Date): string | null {
  if (customerStatus !== 'TRIAL' || !trialEndDate) return null;
  const days = daysUntil(trialEndDate, now);
  if (days < 0) return `Trial ended on ${longDay(trialEndDate)}`;
  return days === 0 ? 'Trial ends today' : `Trial: ${days} ${days === 1 ? 'day' : 'days'} left`;
}
