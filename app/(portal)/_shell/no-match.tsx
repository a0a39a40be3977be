/** Stands in the place of a list of what machines send that has nothing to show. */
import type { ReactNode } from 'react';
import { LinkButton } from '@/app/_ui/button';
import type { IconName } from '@/app/_ui/icon';
import { EmptyState } from '@/app/_ui/states';

/** `icon` and `action` are for a list that is empty without a filter. */
type Props = { noun: string; path: string; isFiltered: boolean; icon: IconName; action?: ReactNode };

export const NoMatch = ({ noun, path, isFiltered, icon, action }: Props) =>
  isFiltered ? (
    <EmptyState
      icon="search"
      title={`No ${noun} match these filters.`}
      action={<LinkButton href={path}>Clear all</LinkButton>}
    />
  ) : (
    <EmptyState icon={icon} title={`No ${noun} in the last 30 days.`} action={action}>
      They appear here soon after they are sent.
    </EmptyState>
  );
