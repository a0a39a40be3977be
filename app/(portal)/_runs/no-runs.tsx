/** Stands in the place of runs before an organization's first: what makes one, for those who may. */
import { LinkButton } from '@/app/_ui/button';
import { Link } from '@/app/_ui/link';
import { EmptyState } from '@/app/_ui/states';
import { type Visitor, visitorMay } from '@/lib/edge/portal/page';

/** The next step of someone who may take it. */
function FirstStep({ visitor }: { visitor: Visitor }) {
  if (!visitorMay(visitor, 'providers:write')) return null;
  return (
    <LinkButton href="/providers" variant="primary">
      Set up a provider
    </LinkButton>
  );
}

export function NoRuns({ visitor }: { visitor: Visitor }) {
  return (
    <EmptyState icon="workflow" title="No runs yet." action={<FirstStep visitor={visitor} />}>
      Runs appear here after the first pipeline starts.{' '}
      <Link className="link" href="/docs/runs">
        How to call the API
      </Link>
    </EmptyState>
  );
}
