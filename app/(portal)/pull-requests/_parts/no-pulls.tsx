/** Stands in the place of the list of pull requests that has nothing to show. */
import { LinkButton } from '@/app/_ui/button';
import { EmptyState } from '@/app/_ui/states';
import { pullsHref } from '@/app/(portal)/pull-requests/_parts/pull-words';
import { repositoriesHref } from '@/app/(portal)/pull-requests/repositories/_parts/repository-page';

type Props = { isFiltered: boolean; hasRepository: boolean; mayConnect: boolean };

export function NoPulls({ isFiltered, hasRepository, mayConnect }: Props) {
  if (isFiltered)
    return (
      <EmptyState
        icon="search"
        title="No pull request matches these filters."
        action={<LinkButton href={pullsHref}>Clear all</LinkButton>}
      />
    );
  if (hasRepository)
    return (
      <EmptyState icon="git-pull-request" title="No pull request was merged or changed in the last 30 days.">
        Pull requests appear here soon after GitHub has them.
      </EmptyState>
    );
  return (
    <EmptyState
      icon="git-pull-request"
      title="No repository is connected."
      action={
        mayConnect && (
          <LinkButton variant="primary" icon="plus" href={`${repositoriesHref}/new`}>
            Connect a repository
          </LinkButton>
        )
      }
    >
      Pull requests appear here once a repository on GitHub is connected.
    </EmptyState>
  );
}
