/** Keys by the API, and what the quota is. */
import type { Addresses, DocsPage, PageEntry } from '@/app/docs/_content/types';
import { today } from '@/app/docs/_samples/made';
import { requestSample } from '@/app/docs/_samples/request';
import { defaultExpiryDays, defaultMaxActiveKeys, graceChoices } from '@/lib/domains/keys/rules';

const content = ({ dataPlane: address }: Addresses): DocsPage => ({
  slug: 'keys',
  title: 'API keys and quota',
  lead: 'Give each worker a key of its own with no more than it needs, and ask what is left before you plan work.',
  sections: [
    {
      id: 'create',
      title: 'Creating a key',
      blocks: [
        `Owners and admins name the key and choose its scopes, its tier and when it ends (${defaultExpiryDays} days unless you say otherwise). An organization has ${defaultMaxActiveKeys} active keys unless support gave it another number. A key may be bound to named credentials; it then finds only those.`,
        { tryIt: 'Create an API key', href: '/keys/new' },
      ],
    },
    {
      id: 'rotate',
      title: 'Rotating and revoking',
      blocks: [
        `Rotating answers a new key at once. The old one goes on for the time you choose (${graceChoices.map(({ label }) => label.toLowerCase()).join(', ')}), so that workers can be changed one by one. Revoking ends a key at once and for good; the row stays, so that the audit log can be read.`,
      ],
    },
    {
      id: 'quota',
      title: 'Reading the quota',
      blocks: [
        'It says what is used today and what holds: runs of the day, running now, API calls of the month.',
        {
          sample: requestSample('keys-quota', 'Read the quota', {
            method: 'GET',
            address,
            path: ['/v1/quota'],
            auth: 'key',
          }),
        },
        'A day that has passed:',
        {
          sample: requestSample('keys-quota-day', 'Read the quota of a day', {
            method: 'GET',
            address,
            path: ['/v1/quota/', today],
            auth: 'key',
          }),
        },
        { tryIt: 'Open Usage', href: '/usage' },
      ],
    },
    {
      id: 'at-the-limit',
      title: 'At the limit',
      blocks: [
        {
          list: [
            '[`quota_exceeded`](/docs/errors#quota_exceeded): the day’s runs are used. `Retry-After` is the time until midnight UTC.',
            '[`concurrency_exceeded`](/docs/errors#concurrency_exceeded): as many runs are under way as the plan allows.',
            '[`rate_limited`](/docs/errors#rate_limited): the key asks more often than its tier allows.',
            '[`usage_exceeded`](/docs/errors#usage_exceeded): the month’s API calls are used.',
          ],
        },
        'Limits are of the plan: see [Billing and plans](/docs/billing#plans).',
      ],
    },
  ],
});

export const keys: PageEntry = { slug: 'keys', title: 'API keys and quota', content };
