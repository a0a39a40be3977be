/** Stands in the place of a list that could not be read, on a page that keeps its filters. */
import { hrefWith } from '@/app/_ui/list-params';
import { ErrorState } from '@/app/_ui/states';

type Props = {
  /** As in "Could not load the sessions." */
  noun: string;
  /** The page's own address and its filters: trying again is loading it again. */
  path: string;
  params: Parameters<typeof hrefWith>[1];
  requestId: string;
  reason: string;
};

export const ListError = ({ noun, path, params, requestId, reason }: Props) => (
  <ErrorState title={`Could not load the ${noun}.`} retryHref={hrefWith(path, params, {})} requestId={requestId}>
    {reason}
  </ErrorState>
);
