/** Plans, what they hold, and what follows from their status; from the tables that the server enforces. */
import { formatCount } from '@/app/_ui/format';
import type { Addresses, DocsPage, PageEntry } from '@/app/docs/_content/types';
import { requestSample } from '@/app/docs/_samples/request';
import { eventsPerMonth } from '@/lib/domains/events/rules';
import { graceDays, type Plan, planNames, plans, planTitle, trialDays } from '@/lib/domains/subscriptions/rules';

const rows: readonly (readonly [label: string, of: (plan: Plan) => string])[] = [
  ['Price a month', plan => `$${plan.priceUsdPerMonth}`],
  ['Runs a day (UTC)', plan => formatCount(plan.runsPerDay)],
  ['Runs at once', plan => formatCount(plan.concurrentRuns)],
  ['API calls a month', plan => formatCount(plan.apiCallsPerMonth)],
  ['Events a month', plan => formatCount(eventsPerMonth[plan.name])],
  ['Enabled provider configs', plan => formatCount(plan.providers)],
  ['Members', plan => formatCount(plan.seats)],
];

const content = ({ dataPlane: address }: Addresses): DocsPage => ({
  slug: 'billing',
  title: 'Billing and plans',
  lead: `Three plans, billed by the month. Every organization begins with ${trialDays} days of trial, one an organization.`,
  sections: [
    {
      id: 'plans',
      title: 'Plans',
      blocks: [
        {
          caption: 'Limits of each plan',
          head: ['Limit', ...planNames.map(planTitle)],
          rows: rows.map(([label, of]) => [label, ...planNames.map(name => of(plans[name]))]),
        },
        'The operator may give an organization other limits; the call below answers those that hold.',
        {
          sample: requestSample('billing-quota', 'Read the limits that hold', {
            method: 'GET',
            address,
            path: ['/v1/quota'],
            auth: 'key',
          }),
        },
        { tryIt: 'Open Billing', href: '/billing' },
      ],
    },
    {
      id: 'changes',
      title: 'Changing the plan',
      blocks: [
        'Owners and admins choose a plan. A bigger one holds at once, and the page says before what Stripe will charge today. A smaller one holds from the end of the period, lists what will not fit, and can be taken back until then. The limits move at the moment the change is in force.',
        'Checkout, cards, addresses and invoices are Stripe’s: a card number is never sent to us.',
      ],
    },
    {
      id: 'status',
      title: 'What a status means',
      blocks: [
        {
          terms: [
            { term: 'TRIAL', text: 'Runs start until the trial ends.' },
            { term: 'ACTIVE', text: 'Paid: runs start within the limits of the plan.' },
            {
              term: 'PAST_DUE',
              text: `A payment failed. Runs go on for ${graceDays} days, in which the card can be mended.`,
            },
            {
              term: 'EXPIRED, CANCELLED',
              text: 'The trial ended without a plan, or the plan has ended: new runs, events and queries of the desk are refused with [`subscription_inactive`](/docs/errors#subscription_inactive), within five minutes of that moment. Reading goes on, and runs that have started may end.',
            },
            {
              term: 'SUSPENDED',
              text: 'Support has suspended the organization: everything but billing is refused with [`customer_suspended`](/docs/errors#customer_suspended).',
            },
          ],
        },
      ],
    },
    {
      id: 'counted',
      title: 'What is counted',
      blocks: [
        {
          list: [
            '**Runs** count on the UTC day they start. Retries of one start with the same `Idempotency-Key` count once.',
            '**API calls** are those that start or read something. A run’s heartbeats, steps, checks and completion are none, nor are events, traces and the agent log.',
            '**Events** count once a message id and source, in the calendar month (UTC). Owners and admins are warned at 80 %.',
          ],
        },
        { tryIt: 'Open Usage', href: '/usage' },
      ],
    },
  ],
});

export const billing: PageEntry = { slug: 'billing', title: 'Billing and plans', content };
