/** Stands in the place of checks before an organization's first. */
import { Link } from '@/app/_ui/link';
import { EmptyState } from '@/app/_ui/states';

export const NoChecks = () => (
  <EmptyState icon="list-checks" title="No checks yet.">
    Tables appear here after a run reports the results of its data-quality checks.{' '}
    <Link className="link" href="/docs/data-quality">
      How to report checks
    </Link>
  </EmptyState>
);
