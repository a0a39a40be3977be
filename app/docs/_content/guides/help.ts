/** Whom to ask, and where to read on. */
import type { DocsPage, PageEntry } from '@/app/docs/_content/types';
import { referenceLinks, supportContacts } from '@/lib/platform/help';

function content(): DocsPage {
  const { email, slack, documentation } = supportContacts();
  return {
    slug: 'help',
    title: 'Help',
    lead: 'Whom to ask when something does not go as these pages say.',
    sections: [
      {
        id: 'support',
        title: 'Support',
        blocks: [
          'Name the `request_id` of the answer, or the request id of the page: it finds the request in the logs.',
          {
            list: [
              `Mail [${email}](mailto:${email})`,
              ...(slack ? [`Slack ${slack}`] : []),
              ...(documentation ? [`[Documentation](${documentation}) of your operator`] : []),
            ],
          },
        ],
      },
      {
        id: 'services',
        title: 'About the services that keep the data',
        blocks: [{ list: referenceLinks.map(({ label, href }) => `[${label}](${href})`) }],
      },
    ],
  };
}

export const help: PageEntry = { slug: 'help', title: 'Help', content };
