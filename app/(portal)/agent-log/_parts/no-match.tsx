/** Stands in the place of a list of the agent log that has nothing to show. */
import { LinkButton } from '@/app/_ui/button';
import { EmptyState } from '@/app/_ui/states';

type Props = { noun: string; path: string; isFiltered: boolean };

export const NoMatch = ({ noun, path, isFiltered }: Props) =>
  isFiltered ? (
    <EmptyState
      icon="search"
      title={`No ${noun} match these filters.`}
      action={<LinkButton href={path}>Clear all</LinkButton>}
    />
  ) : (
    <EmptyState icon="bot" title={`No ${noun} in the last 30 days.`}>
      They appear here soon after they are sent.
    </EmptyState>
  );
