/** Provider configs and credentials, and how a worker reads them. */
import type { Addresses, DocsPage, PageEntry } from '@/app/docs/_content/types';
import { variable } from '@/app/docs/_samples/made';
import { requestSample } from '@/app/docs/_samples/request';

const content = ({ dataPlane: address }: Addresses): DocsPage => ({
  slug: 'providers',
  title: 'Providers and credentials',
  lead: 'Where your pipelines get their data, on which schedule, and with which secret; kept here, read by your workers.',
  sections: [
    {
      id: 'credentials',
      title: 'Credentials',
      blocks: [
        'Owners and admins store them: a Google Cloud service account key, an AWS access key or role, an Azure client secret, an OpenAI or Anthropic key, a GitHub token. A secret is sealed by Cloud KMS and never shown again, to nobody.',
        '“Test and save” asks the provider before anything is stored: reach, sign in, permission, each with what to do. All are tested weekly. A rotation keeps the old secret for an overlap that you choose.',
        { tryIt: 'Open Credentials', href: '/credentials' },
      ],
    },
    {
      id: 'configs',
      title: 'Provider configs',
      blocks: [
        'A config names provider, domain, credential, pipeline and parameters. Only as many can be on as the plan allows. It may have a schedule (cron, in a time zone); each time makes a run that waits to be [claimed](/docs/runs#claim). After failures in a row it backs off, and says until when.',
        'Who is told when its runs fail stands in the config: mail addresses, and a Slack channel by its incoming webhook.',
        { tryIt: 'Open Providers', href: '/providers' },
      ],
    },
    {
      id: 'worker',
      title: 'What a worker reads',
      blocks: [
        'First the configs that are on, or one by its id:',
        {
          sample: requestSample('providers-list', 'List provider configs', {
            method: 'GET',
            address,
            path: ['/v1/provider-configs'],
            auth: 'key',
          }),
        },
        {
          sample: requestSample('providers-config', 'Read a provider config', {
            method: 'GET',
            address,
            path: ['/v1/provider-configs/', variable('CONFIG_ID')],
            auth: 'key',
          }),
        },
        'Then the secret, for as long as the run lasts. Each minute of fetches is in the audit log; a key fetches a credential at most 60 times a minute.',
        {
          sample: requestSample('providers-credential', 'Fetch a credential', {
            method: 'GET',
            address,
            path: ['/v1/credentials/', variable('CREDENTIAL_ID')],
            auth: 'key',
          }),
        },
      ],
    },
  ],
});

export const providers: PageEntry = { slug: 'providers', title: 'Providers and credentials', content };
