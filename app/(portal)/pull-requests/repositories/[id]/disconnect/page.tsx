/** Asks before a repository is disconnected, and says what stays. */
import { ConfirmForm } from '@/app/_ui/confirm-dialog';
import { formatPlural } from '@/app/_ui/format';
import { PageHeader } from '@/app/_ui/page-header';
import { pageTitle } from '@/app/(portal)/_shell/visitor';
import { disconnectRepositoryAction } from '@/app/(portal)/pull-requests/actions';
import {
  connectedOr404,
  RepositoryFrame,
  type RepositoryPageProps,
  repositoryHref,
  repositoryWriter,
} from '@/app/(portal)/pull-requests/repositories/_parts/repository-page';

export const generateMetadata = () => pageTitle('Disconnect repository');

export default async function DisconnectRepositoryPage({ params }: RepositoryPageProps) {
  const writer = await repositoryWriter('repository.disconnect', 'disconnect repositories');
  if ('refused' in writer) return writer.refused;
  const { visitor } = writer;
  const { repository_id, repo, pull_requests, commits } = await connectedOr404(visitor, (await params).id);
  const href = repositoryHref(repository_id);
  return (
    <RepositoryFrame visitor={visitor} crumbs={[{ label: repo, href }, { label: 'Disconnect' }]}>
      <PageHeader title={`Disconnect ${repo}?`} />
      <ConfirmForm
        action={disconnectRepositoryAction}
        customerId={visitor.membership.customerId}
        hidden={{ repository_id }}
        confirmLabel="Disconnect repository"
        pending="Disconnecting repository…"
        cancelHref={href}
      >
        <p>
          It is read no more and its webhook is refused. The {formatPlural(pull_requests, 'pull request')} and{' '}
          {formatPlural(commits, 'commit')} that were read stay. Connected again, it goes on from there.
        </p>
      </ConfirmForm>
    </RepositoryFrame>
  );
}
