/** What people are told of, and what calls them from outside. */
import type { DocsPage, PageEntry } from '@/app/docs/_content/types';
import { events } from '@/lib/domains/notifications/events';

const told = Object.values(events).filter(event => !('isUpcoming' in event) && event.audience !== 'person');

const content = (): DocsPage => ({
  slug: 'notifications',
  title: 'Notifications and webhooks',
  lead: 'What Tenantry tells people by mail and Slack, and the addresses at which others tell it that something changed.',
  sections: [
    {
      id: 'mails',
      title: 'Mails',
      blocks: [
        'Each member chooses in Settings; messages about security are always sent. These can be chosen, as far as a role sees what they are about:',
        { terms: told.map(({ title, description }) => ({ term: title, text: description })) },
        { tryIt: 'Choose your notifications', href: '/settings/notifications' },
      ],
    },
    {
      id: 'slack',
      title: 'Slack',
      blocks: [
        'A provider config may name a Slack channel by its incoming webhook. It is stored sealed, tried by a button, and told when a run of that config fails.',
      ],
    },
    {
      id: 'webhooks',
      title: 'Webhooks that come in',
      blocks: [
        '**GitHub** tells of changes in a connected repository at an address with a secret of its own, both shown when it is connected. **Stripe** tells of payments; the operator sets that up. Both are signals only: what changed is always fetched, so order and repeats do not matter.',
      ],
    },
  ],
});

export const notifications: PageEntry = { slug: 'notifications', title: 'Notifications and webhooks', content };
