/** Repositories: which of GitHub are read, how they stand, and what reading them costs of the token's limit. */
import { LinkButton } from '@/app/_ui/button';
import { Notice } from '@/app/_ui/notice';
import { PageHeader } from '@/app/_ui/page-header';
import { pageTitle, timeMode } from '@/app/(portal)/_shell/visitor';
import { PullRequestsTabs } from '@/app/(portal)/pull-requests/_parts/pull-requests-tabs';
import { RepositoryFrame, repositoriesHref } from '@/app/(portal)/pull-requests/repositories/_parts/repository-page';
import { RepositoryTable } from '@/app/(portal)/pull-requests/repositories/_parts/repository-table';
import { listRepositories } from '@/lib/domains/pull-requests/repositories/reads';
import { maxRepositories } from '@/lib/domains/pull-requests/rules';
import { readAdmins } from '@/lib/domains/team/membership';
import { landing } from '@/lib/edge/portal/landing';
import { requireMember, visitorMay } from '@/lib/edge/portal/page';

export const generateMetadata = () => pageTitle('Repositories');

export default async function RepositoriesPage() {
  const visitor = await requireMember();
  const mayWrite = visitorMay(visitor, 'pull-requests:write');
  const { done } = await landing();
  const [repositories, admins] = await Promise.all([
    listRepositories(visitor.ctx),
    mayWrite ? [] : readAdmins(visitor.membership.customerId),
  ]);
  const isFull = repositories.length >= maxRepositories;
  return (
    <RepositoryFrame visitor={visitor}>
      <PageHeader
        title="Repositories"
        sentence="Repositories of GitHub whose pull requests and commits are read, by a token of yours. Nothing is written to them."
        viewOnly={mayWrite ? undefined : { admins }}
        actions={
          mayWrite &&
          !isFull && (
            <LinkButton variant="primary" icon="plus" href={`${repositoriesHref}/new`}>
              Connect repository
            </LinkButton>
          )
        }
      />
      <PullRequestsTabs current="repositories" />
      <div className="flex flex-col gap-4">
        {done === 'disconnected' && (
          <Notice tone="ok" closable>
            The repository is read no more. What was read of it stays.
          </Notice>
        )}
        {isFull && <Notice tone="info">{maxRepositories} repositories are connected, which is the most.</Notice>}
        <RepositoryTable
          repositories={repositories}
          now={visitor.ctx.clock()}
          timeMode={timeMode(visitor)}
          mayWrite={mayWrite}
        />
      </div>
    </RepositoryFrame>
  );
}
