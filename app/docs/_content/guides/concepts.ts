/** The words that all other pages use. */
import type { DocsPage, PageEntry } from '@/app/docs/_content/types';

const content = (): DocsPage => ({
  slug: 'concepts',
  title: 'Concepts',
  lead: 'The few words that every page uses, and how data comes in and goes out.',
  sections: [
    {
      id: 'words',
      title: 'Words',
      blocks: [
        {
          terms: [
            {
              term: 'organization',
              text: 'Your company here: its members, keys, plan and data. In the API it is the customer.',
            },
            { term: 'member', text: 'A person in an organization, with one [role](/docs/team#roles).' },
            { term: 'API key', text: 'What machines sign in with; it carries [scopes](/docs/authentication#scopes).' },
            { term: 'pipeline', text: 'What your workers run, known by its `pipeline_id`.' },
            {
              term: 'run',
              text: 'One execution of a pipeline. It takes one of the day’s runs, holds a lease, and ends once.',
            },
            {
              term: 'step, check',
              text: 'What a run did, and what its data was found to be. Both are reported with the run.',
            },
            {
              term: 'provider config',
              text: 'Where a pipeline gets its data: provider, account, credential and schedule.',
            },
            {
              term: 'credential',
              text: 'A secret of a cloud or model provider. It is stored sealed and fetched by workers.',
            },
            {
              term: 'event source',
              text: 'A site or service that sends events, with a write key and a dataset of its own.',
            },
            { term: 'trace', text: 'One request to an AI model: who asked, which model, tokens and cost.' },
            { term: 'agent log', text: 'What agents said and which tools they ran, kept for a year and provable.' },
          ],
        },
      ],
    },
    {
      id: 'planes',
      title: 'Portal and data plane',
      blocks: [
        'People use the **portal**. Machines use the **data plane**, whose calls begin with `/v1`. Both may answer at one address or at two; the samples name the one of this installation. What the portal does is also an API, below `/api`.',
      ],
    },
    {
      id: 'in-and-out',
      title: 'How data comes in and goes out',
      blocks: [
        {
          list: [
            '**Reports** (runs, steps, checks) are decided at once and in the order they come; they are on the pages at once and in BigQuery a little later.',
            '**Streams** (events, traces, the agent log) are written down before they are answered with `200`, and brought to BigQuery by load jobs. What cannot be taken is named in the answer.',
            '**Reading**: pages and calls read your organization’s own data only. An id of somebody else is not found, never forbidden.',
          ],
        },
      ],
    },
    {
      id: 'time',
      title: 'Time',
      blocks: [
        'Times are UTC, in ISO 8601. Quotas count UTC days and calendar months; a run counts on the day it started, wherever it ends.',
      ],
    },
  ],
});

export const concepts: PageEntry = { slug: 'concepts', title: 'Concepts', content };
