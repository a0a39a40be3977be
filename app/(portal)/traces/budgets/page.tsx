/** AI usage → Budgets: what AI may cost in a month, how much of it is used, and where the month is heading. */
import { LinkButton } from '@/app/_ui/button';
import { formatDate } from '@/app/_ui/format';
import { Link } from '@/app/_ui/link';
import { Notice } from '@/app/_ui/notice';
import { PageHeader } from '@/app/_ui/page-header';
import { ErrorState } from '@/app/_ui/states';
import { FreshnessNote } from '@/app/(portal)/_charts/freshness-note';
import { PortalPage } from '@/app/(portal)/_shell/portal-page';
import { pageTitle } from '@/app/(portal)/_shell/visitor';
import { TracesTabs } from '@/app/(portal)/traces/_parts/traces-tabs';
import { BudgetTable } from '@/app/(portal)/traces/budgets/_parts/budget-table';
import { budgetsHref, doneSentence, newBudgetHref } from '@/app/(portal)/traces/budgets/_parts/budget-words';
import { readAdmins } from '@/lib/domains/team/membership';
import { listBudgets } from '@/lib/domains/traces/budgets/list-budgets';
import { landing } from '@/lib/edge/portal/landing';
import { requireMember, visitorMay } from '@/lib/edge/portal/page';
import { cardData } from '@/lib/edge/portal/page-card';
import { requireCustomer } from '@/lib/kernel/ctx';

export const generateMetadata = () => pageTitle('AI budgets');

export default async function BudgetsPage() {
  const visitor = await requireMember();
  const ctx = requireCustomer(visitor.ctx);
  const mayWrite = visitorMay(visitor, 'budgets:write');
  const { done } = await landing();
  const [read, admins] = await Promise.all([
    cardData(ctx.requestId, listBudgets(ctx, {})),
    mayWrite ? [] : readAdmins(ctx.customerId),
  ]);
  const sentence = doneSentence(done);
  return (
    <PortalPage visitor={visitor} current="traces" crumbs={[{ label: 'Budgets' }]}>
      <PageHeader
        title="Budgets"
        sentence="What AI may cost in a calendar month (UTC). At 80 % and 100 % a message goes out; no request is refused."
        viewOnly={mayWrite ? undefined : { admins }}
        actions={
          mayWrite && (
            <LinkButton variant="primary" icon="plus" href={newBudgetHref}>
              Add budget
            </LinkButton>
          )
        }
      />
      <TracesTabs current="budgets" />
      <div className="flex flex-col gap-4">
        {sentence && (
          <Notice tone="ok" closable>
            {sentence}
          </Notice>
        )}
        {read.ok ? (
          <>
            <FreshnessNote cards={[read]} />
            <BudgetTable budgets={read.data.budgets} month={read.data.month} now={ctx.clock()} mayWrite={mayWrite} />
            {read.data.budgets.length > 0 && (
              <p className="max-w-prose text-table text-muted">
                By book price, of requests since {formatDate(read.data.month)} (UTC). “At this pace” takes the rest of
                the month to cost as much a day as the days before. Messages are set under{' '}
                <Link className="link" href="/settings/notifications">
                  Notifications
                </Link>
                .
              </p>
            )}
          </>
        ) : (
          <ErrorState title="Could not load budgets." retryHref={budgetsHref} requestId={ctx.requestId}>
            {read.reason}
          </ErrorState>
        )}
      </div>
    </PortalPage>
  );
}
