/** Pull requests beside what AI cost. */
import type { DocsPage, PageEntry } from '@/app/docs/_content/types';

const content = (): DocsPage => ({
  slug: 'pull-requests',
  title: 'Pull requests',
  lead: 'Pull requests of your GitHub repositories beside what AI cost while they were made. It is correlation, not cause.',
  sections: [
    {
      id: 'connect',
      title: 'Connecting a repository',
      blocks: [
        {
          list: [
            'Store a GitHub token as a credential; the form says the least permission that is enough.',
            'Connect the repository by its name, `owner/name`. It is read at once: pull requests, commits, timelines.',
            'If you like, set the webhook that is shown once: changes are then read within moments instead of at the next look.',
          ],
          ordered: true,
        },
        { tryIt: 'Connect a repository', href: '/pull-requests/repositories' },
      ],
    },
    {
      id: 'evidence',
      title: 'Which requests belong to a pull request',
      blocks: [
        {
          terms: [
            {
              term: 'branch',
              text: 'The request names the pull request’s branch, from 30 days before it was opened to the day it was merged or closed.',
            },
            {
              term: 'time',
              text: 'The request is the author’s own, in the same repository, from the day it was opened to the day it was merged or closed.',
            },
            { term: 'trailer', text: 'Co-authors that its commits name; evidence of the pull request as a whole.' },
          ],
        },
        'Each page says which evidence there is, in counts. A request of several pull requests stands with each, and totals count it once.',
      ],
    },
    {
      id: 'people',
      title: 'Who is who',
      blocks: [
        'A developer of AI usage counts as the account that a person confirmed, or that has the developer’s own name. Accounts are suggested by the e-mail addresses of commits, and count once somebody confirms them. A CSV file with the head line `developer_id,login` does many at once.',
        { tryIt: 'Open People', href: '/pull-requests/people' },
      ],
    },
  ],
});

export const pullRequests: PageEntry = { slug: 'pull-requests', title: 'Pull requests', content };
