/** Asks before a budget of AI usage is deleted. */
import { ConfirmForm } from '@/app/_ui/confirm-dialog';
import { formatDollars } from '@/app/_ui/format';
import { PageHeader } from '@/app/_ui/page-header';
import { adminsOnlyPage } from '@/app/(portal)/_shell/denied-page';
import { PortalPage } from '@/app/(portal)/_shell/portal-page';
import { pageTitle } from '@/app/(portal)/_shell/visitor';
import { budgetOr404 } from '@/app/(portal)/traces/budgets/_parts/budget-or-404';
import { budgetsHref } from '@/app/(portal)/traces/budgets/_parts/budget-words';
import { deleteBudgetAction } from '@/app/(portal)/traces/budgets/actions';
import { aboutWords } from '@/lib/domains/traces/budgets/budget-view';
import { requireMember, visitorMay } from '@/lib/edge/portal/page';
import { requireCustomer } from '@/lib/kernel/ctx';

export const generateMetadata = () => pageTitle('Delete budget');

export default async function DeleteBudgetPage({ params }: { params: Promise<{ id: string }> }) {
  const visitor = await requireMember();
  if (!visitorMay(visitor, 'budgets:write'))
    return adminsOnlyPage(visitor, 'ai_budget.delete', 'delete budgets of AI usage');
  const ctx = requireCustomer(visitor.ctx);
  const budget = await budgetOr404(ctx, (await params).id);
  return (
    <PortalPage
      visitor={visitor}
      current="traces"
      crumbs={[{ label: 'Budgets', href: budgetsHref }, { label: 'Delete' }]}
    >
      <PageHeader
        title="Delete budget?"
        sentence={`${formatDollars(budget.amount_usd)} a month for ${aboutWords(budget)}.`}
      />
      <ConfirmForm
        action={deleteBudgetAction}
        customerId={ctx.customerId}
        hidden={{ budget_id: budget.budget_id }}
        confirmLabel="Delete budget"
        pending="Deleting budget…"
        cancelHref={budgetsHref}
      >
        <p>Nobody is told of it any more. AI usage stays as it is.</p>
      </ConfirmForm>
    </PortalPage>
  );
}
