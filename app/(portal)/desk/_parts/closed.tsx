/** The desk while nothing can say which queries are safe: it says so, and leads to what works without it. */
import { LinkButton } from '@/app/_ui/button';
import { EmptyState } from '@/app/_ui/states';
import { historyHref } from '@/app/(portal)/desk/_parts/desk-words';

export const ClosedDesk = () => (
  <EmptyState
    icon="pause"
    title="The query desk is closed for now."
    action={<LinkButton href={historyHref}>Open your history</LinkButton>}
  >
    What checks that a query reads your organization’s own tables and nothing else is not running, and no query runs
    without it. Our support sees this too. Results that are there can still be read, and your other pages are as they
    were.
  </EmptyState>
);
