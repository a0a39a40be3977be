/** Stands in the place of a list of AI usage that has nothing to show. */
import { LinkButton } from '@/app/_ui/button';
import { NoMatch as NoneSent } from '@/app/(portal)/_shell/no-match';

type Props = { noun: string; path: string; isFiltered: boolean };

export const NoMatch = (props: Props) => (
  <NoneSent {...props} icon="sparkles" action={<LinkButton href="/traces/imports">Imports</LinkButton>} />
);
