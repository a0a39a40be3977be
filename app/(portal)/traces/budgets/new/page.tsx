/** Adds a budget of AI usage. */

import { LinkButton } from '@/app/_ui/button';
import { SelectField, TextField } from '@/app/_ui/field';
import { Form } from '@/app/_ui/form';
import { formatCount } from '@/app/_ui/format';
import { PageHeader } from '@/app/_ui/page-header';
import { SideCard, WithSide } from '@/app/_ui/side-column';
import { SubmitButton } from '@/app/_ui/submit-button';
import { adminsOnlyPage } from '@/app/(portal)/_shell/denied-page';
import { PortalPage } from '@/app/(portal)/_shell/portal-page';
import { RecentChanges } from '@/app/(portal)/_shell/recent-changes';
import { pageTitle } from '@/app/(portal)/_shell/visitor';
import { whoCan } from '@/app/(portal)/_shell/who-can';
import { budgetsHref, scopeWords } from '@/app/(portal)/traces/budgets/_parts/budget-words';
import { createBudgetAction } from '@/app/(portal)/traces/budgets/actions';
import { budgetScopes, maxBudgets } from '@/lib/domains/traces/rules';
import { listUsageNames } from '@/lib/domains/traces/usage/usage';
import { noneName, usageDays } from '@/lib/domains/traces/usage/usage-filter';
import { requireMember, visitorMay } from '@/lib/edge/portal/page';
import { cardData } from '@/lib/edge/portal/page-card';
import { newUuid } from '@/lib/platform/ids';

export const generateMetadata = () => pageTitle('Add budget');

const labels = { scope: 'Budget for', subject: 'Name', amount_usd: 'Dollars a month' };

export default async function NewBudgetPage() {
  const visitor = await requireMember();
  if (!visitorMay(visitor, 'budgets:write'))
    return adminsOnlyPage(visitor, 'ai_budget.create', 'set budgets of AI usage');
  const { ctx } = visitor;
  const names = await cardData(ctx.requestId, listUsageNames(ctx, usageDays(ctx, { days: 90 })));
  const known = names.ok ? [...new Set(names.data.rows.map(({ name }) => name))] : [];
  return (
    <PortalPage visitor={visitor} current="traces" crumbs={[{ label: 'Budgets', href: budgetsHref }, { label: 'Add' }]}>
      <PageHeader
        title="Add budget"
        sentence="What AI may cost in a calendar month (UTC), from this month on. At 80 % and 100 % a message goes out; no request is refused."
      />
      <WithSide
        side={
          <>
            <SideCard
              title="Budgets"
              lines={[
                whoCan('budgets:write', 'set budgets'),
                'A budget counts by book price, the month by UTC days.',
                'Messages go to everybody who wants them, once at 80 % and once at 100 % of a month.',
                `Up to ${formatCount(maxBudgets)} budgets.`,
              ]}
            />
            <RecentChanges visitor={visitor} target="ai_budget" />
          </>
        }
      >
        <Form
          action={createBudgetAction}
          customerId={visitor.membership.customerId}
          idempotencyKey={newUuid()}
          labels={labels}
        >
          <SelectField
            name="scope"
            label={labels.scope}
            options={budgetScopes.map(scope => ({ value: scope, label: scopeWords[scope] }))}
          />
          <TextField
            name="subject"
            label={labels.subject}
            optional
            help="Of the developer, repository or model, as AI usage shows it. Empty for all AI usage."
            list="usage-names"
            maxLength={300}
            autoComplete="off"
            spellCheck={false}
          />
          <datalist id="usage-names">
            {known
              .filter(name => name !== noneName)
              .map(name => (
                <option key={name} value={name} />
              ))}
          </datalist>
          <TextField
            name="amount_usd"
            label={labels.amount_usd}
            help="By book price, such as 500."
            required
            inputMode="decimal"
            autoComplete="off"
          />
          <div className="flex flex-wrap gap-2">
            <SubmitButton pending="Adding budget…">Add budget</SubmitButton>
            <LinkButton variant="quiet" href={budgetsHref}>
              Cancel
            </LinkButton>
          </div>
        </Form>
      </WithSide>
    </PortalPage>
  );
}
