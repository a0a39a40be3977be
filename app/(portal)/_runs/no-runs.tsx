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

const Way = ({ href, children }: { href: string; children: string }) => (
  <Link className="link" href={href}>
    {children}
  </Link>
);

export function NoRuns({ visitor }: { visitor: Visitor }) {
  return (
    <EmptyState icon="workflow" title="No runs yet." action={<FirstStep visitor={visitor} />}>
      Runs appear here after the first pipeline starts: one that a worker reports by the{' '}
      <Way href="/docs/python">Python client</Way> or by <Way href="/docs/runs">calls of the API</Way>, or one that dbt,
      Airflow, Dagster or Spark starts and reports by <Way href="/docs/openlineage">OpenLineage</Way>.
    </EmptyState>
  );
}
