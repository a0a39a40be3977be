/** Stands in the place of a list of the agent log that has nothing to show. */
import { NoMatch as NoneSent } from '@/app/(portal)/_shell/no-match';

type Props = { noun: string; path: string; isFiltered: boolean };

export const NoMatch = (props: Props) => <NoneSent {...props} icon="bot" />;
