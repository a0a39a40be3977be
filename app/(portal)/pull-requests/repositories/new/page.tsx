/** Connects a repository; the answer to the form shows the secret of its webhook, once. */

import { LinkButton } from '@/app/_ui/button';
import { SelectField, TextField } from '@/app/_ui/field';
import { Form } from '@/app/_ui/form';
import { formatCount } from '@/app/_ui/format';
import { Notice } from '@/app/_ui/notice';
import { PageHeader } from '@/app/_ui/page-header';
import { SideCard, WithSide } from '@/app/_ui/side-column';
import { SubmitButton } from '@/app/_ui/submit-button';
import { RecentChanges } from '@/app/(portal)/_shell/recent-changes';
import { pageTitle } from '@/app/(portal)/_shell/visitor';
import { whoCan } from '@/app/(portal)/_shell/who-can';
import { connectRepositoryAction } from '@/app/(portal)/pull-requests/actions';
import {
  RepositoryFrame,
  repositoriesHref,
  repositoryWriter,
  tokenOptions,
} from '@/app/(portal)/pull-requests/repositories/_parts/repository-page';
import { maxRepositories } from '@/lib/domains/pull-requests/rules';
import { visitorMay } from '@/lib/edge/portal/page';
import { newUuid } from '@/lib/platform/ids';

export const generateMetadata = () => pageTitle('Connect repository');

const labels = { repo: 'Repository', credential_id: 'Token' };

export default async function NewRepositoryPage() {
  const writer = await repositoryWriter('repository.connect', 'connect repositories');
  if ('refused' in writer) return writer.refused;
  const { visitor } = writer;
  const tokens = await tokenOptions(visitor);
  return (
    <RepositoryFrame visitor={visitor} crumbs={[{ label: 'Connect' }]}>
      <PageHeader
        title="Connect repository"
        sentence="Its pull requests and commits are read at once, then every few minutes. Nothing is written to it."
      />
      <WithSide
        side={
          <>
            <SideCard
              title="Repositories"
              lines={[
                whoCan('pull-requests:write', 'connect repositories'),
                'The token needs read access to pull requests and contents, and no more.',
                'A webhook makes changes arrive within seconds; without it they are read every few minutes.',
                'GitHub counts reads by token and hour; the list says how many are left.',
                `Up to ${formatCount(maxRepositories)} repositories.`,
              ]}
            />
            <RecentChanges visitor={visitor} target="repository" />
          </>
        }
      >
        {tokens.length === 0 ? (
          <NoToken mayAdd={visitorMay(visitor, 'credentials:write')} />
        ) : (
          <Form
            action={connectRepositoryAction}
            customerId={visitor.membership.customerId}
            idempotencyKey={newUuid()}
            labels={labels}
          >
            <TextField
              name="repo"
              label={labels.repo}
              help="As owner/name, or its address on github.com."
              placeholder="acme/shop"
              maxLength={300}
              required
              autoComplete="off"
            />
            <SelectField
              name="credential_id"
              label={labels.credential_id}
              help="It needs read access to the repository’s pull requests and contents."
              options={tokens}
              defaultValue={tokens[0]?.value}
            />
            <div className="flex flex-wrap gap-2">
              <SubmitButton pending="Connecting repository…">Connect repository</SubmitButton>
              <LinkButton variant="quiet" href={repositoriesHref}>
                Cancel
              </LinkButton>
            </div>
          </Form>
        )}
      </WithSide>
    </RepositoryFrame>
  );
}

function NoToken({ mayAdd }: { mayAdd: boolean }) {
  return (
    <div className="flex max-w-prose flex-col items-start gap-4">
      <Notice tone="info" title="No token of GitHub is stored.">
        {mayAdd
          ? 'Add one as a credential, then connect the repository.'
          : 'An owner or admin can add one as a credential; you can connect repositories then.'}
      </Notice>
      {mayAdd && (
        <LinkButton variant="primary" icon="plus" href="/credentials/new?kind=github_token">
          Add token
        </LinkButton>
      )}
    </div>
  );
}
