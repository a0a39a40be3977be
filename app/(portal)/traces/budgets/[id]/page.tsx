/** Gives a budget of AI usage another amount. */
import { LinkButton } from '@/app/_ui/button';
import { TextField } from '@/app/_ui/field';
import { Form } from '@/app/_ui/form';
import { PageHeader } from '@/app/_ui/page-header';
import { SubmitButton } from '@/app/_ui/submit-button';
import { adminsOnlyPage } from '@/app/(portal)/_shell/denied-page';
import { PortalPage } from '@/app/(portal)/_shell/portal-page';
import { pageTitle } from '@/app/(portal)/_shell/visitor';
import { budgetOr404 } from '@/app/(portal)/traces/budgets/_parts/budget-or-404';
import { budgetsHref, deleteBudgetHref } from '@/app/(portal)/traces/budgets/_parts/budget-words';
import { editBudgetAction } from '@/app/(portal)/traces/budgets/actions';
import { aboutWords } from '@/lib/domains/traces/budgets/budget-view';
import { requireMember, visitorMay } from '@/lib/edge/portal/page';
import { requireCustomer } from '@/lib/kernel/ctx';

export const generateMetadata = () => pageTitle('Change budget');

const labels = { amount_usd: 'Dollars a month' };

export default async function EditBudgetPage({ params }: { params: Promise<{ id: string }> }) {
  const visitor = await requireMember();
  if (!visitorMay(visitor, 'budgets:write'))
    return adminsOnlyPage(visitor, 'ai_budget.edit', 'change budgets of AI usage');
  const ctx = requireCustomer(visitor.ctx);
  const budget = await budgetOr404(ctx, (await params).id);
  return (
    <PortalPage
      visitor={visitor}
      current="traces"
      crumbs={[{ label: 'Budgets', href: budgetsHref }, { label: 'Change' }]}
    >
      <PageHeader
        title="Change budget"
        sentence={`Of ${aboutWords(budget)}. The amount holds for this month too, and its 80 % and 100 % are told of anew.`}
      />
      <Form
        action={editBudgetAction}
        customerId={ctx.customerId}
        hidden={{ budget_id: budget.budget_id }}
        labels={labels}
      >
        <TextField
          name="amount_usd"
          label={labels.amount_usd}
          help="By book price, such as 500."
          defaultValue={String(budget.amount_usd)}
          required
          inputMode="decimal"
          autoComplete="off"
        />
        <div className="flex flex-wrap gap-2">
          <SubmitButton pending="Saving budget…">Save budget</SubmitButton>
          <LinkButton variant="quiet" href={budgetsHref}>
            Cancel
          </LinkButton>
          <LinkButton href={deleteBudgetHref(budget.budget_id)}>Delete…</LinkButton>
        </div>
      </Form>
    </PortalPage>
  );
}
