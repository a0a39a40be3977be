/** What messages about limits and budgets say. Pure. */
import { type Content, inOrganization, type Told } from '@/lib/domains/notifications/contents/content';
import type { EventData } from '@/lib/domains/notifications/events';
import { dayWords, moneyWords, monthWords } from '@/lib/domains/notifications/words';

const quotaFacts = ({ day, runs, daily_limit }: EventData<'quota_warning'>): [string, string][] => [
  ['Day (UTC)', dayWords(day)],
  ['Runs', `${runs} of ${daily_limit}`],
];

const numberWords = (count: number): string => count.toLocaleString('en-US');
const ofEvents = ({ events, monthly_limit }: EventData<'events_warning'>): string =>
  `${numberWords(events)} of ${numberWords(monthly_limit)}`;
const volumeFacts = (data: EventData<'events_warning'>): [string, string][] => [
  ['Month (UTC)', monthWords(data.month)],
  ['Events', ofEvents(data)],
];

const dollarWords = (usd: number): string => moneyWords(Math.round(usd * 100), 'USD');
/** `$80.20 of $100.00`, `at least …` where some requests have no price. */
const ofBudget = ({ spent_usd, amount_usd, unpriced }: EventData<'ai_budget_warning'>): string =>
  `${unpriced > 0 ? 'at least ' : ''}${dollarWords(spent_usd)} of ${dollarWords(amount_usd)}`;
const budgetFacts = (data: EventData<'ai_budget_warning'>): [string, string][] => [
  ['Month (UTC)', monthWords(data.month)],
  ['Budget of', data.about],
  ['Spent', ofBudget(data)],
  ...(data.unpriced > 0 ? [['Without a price', `${numberWords(data.unpriced)} requests`] as [string, string]] : []),
];

type LimitEvent =
  | 'quota_warning'
  | 'quota_exceeded'
  | 'events_warning'
  | 'events_reached'
  | 'ai_budget_warning'
  | 'ai_budget_reached';

export const limitContents: { [Name in LimitEvent]: (told: Told<Name>) => Content } = {
  quota_warning: ({ company, data }) => ({
    subject: `${data.runs} of ${data.daily_limit} runs used today in ${company}`,
    heading: `${data.runs} of ${data.daily_limit} runs used`,
    paragraphs: [
      `${company} has used at least 80 % of its pipeline runs of ${dayWords(data.day)}.`,
      `From run ${data.daily_limit} on, new runs are refused until 00:00 UTC.`,
    ],
    facts: quotaFacts(data),
    action: { label: 'See usage', path: '/usage' },
    because: inOrganization(company),
  }),
  quota_exceeded: ({ company, data }) => ({
    subject: `Daily run limit reached in ${company}: ${data.runs} of ${data.daily_limit}`,
    heading: 'Daily run limit reached',
    paragraphs: [
      `${company} has used all of its pipeline runs of ${dayWords(data.day)}.`,
      'New runs are refused until 00:00 UTC. Runs that have started go on.',
    ],
    facts: quotaFacts(data),
    action: { label: 'See usage', path: '/usage' },
    because: inOrganization(company),
  }),
  events_warning: ({ company, data }) => ({
    subject: `${ofEvents(data)} events used this month in ${company}`,
    heading: `${ofEvents(data)} events used`,
    paragraphs: [
      `${company} has used at least 80 % of its events of ${monthWords(data.month)}.`,
      `Once all ${numberWords(data.monthly_limit)} are used, further events are refused until the month ends (UTC).`,
    ],
    facts: volumeFacts(data),
    action: { label: 'See usage', path: '/usage' },
    because: inOrganization(company),
  }),
  events_reached: ({ company, data }) => ({
    subject: `Monthly event limit reached in ${company}: ${ofEvents(data)}`,
    heading: 'Monthly event limit reached',
    paragraphs: [
      `${company} has used all of its events of ${monthWords(data.month)}.`,
      'Further events are refused until the month ends (UTC); a larger plan takes more at once. What was taken is loaded.',
    ],
    facts: volumeFacts(data),
    action: { label: 'See usage', path: '/usage' },
    because: inOrganization(company),
  }),
  ai_budget_warning: ({ company, data }) => ({
    subject: `AI budget of ${company} at 80 %: ${ofBudget(data)} for ${data.about}`,
    heading: 'AI budget at 80 %',
    paragraphs: [
      `In ${monthWords(data.month)} ${company} has used at least 80 % of its budget for ${data.about}.`,
      'A budget only tells: no request is refused.',
    ],
    facts: budgetFacts(data),
    action: { label: 'See budgets', path: '/traces/budgets' },
    because: inOrganization(company),
  }),
  ai_budget_reached: ({ company, data }) => ({
    subject: `AI budget of ${company} is used: ${ofBudget(data)} for ${data.about}`,
    heading: 'AI budget is used',
    paragraphs: [
      `In ${monthWords(data.month)} ${company} has used all of its budget for ${data.about}.`,
      'A budget only tells: no request is refused.',
    ],
    facts: budgetFacts(data),
    action: { label: 'See budgets', path: '/traces/budgets' },
    because: inOrganization(company),
  }),
};
