/** Stands in the place of a list of AI usage that has nothing to show. */
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
    <EmptyState
      icon="sparkles"
      title={`No ${noun} in the last 30 days.`}
      action={<LinkButton href="/traces/imports">Imports</LinkButton>}
    >
      They appear here soon after they are sent.
    </EmptyState>
  );
