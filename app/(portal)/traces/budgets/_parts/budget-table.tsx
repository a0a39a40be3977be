/** Budgets as a list: what each is for, how much of it this month has used, and where the month is heading. */
import { LinkButton } from '@/app/_ui/button';
import { type Column, DataTable } from '@/app/_ui/data-table';
import { formatDate, formatPlural } from '@/app/_ui/format';
import { Icon } from '@/app/_ui/icon';
import { Link } from '@/app/_ui/link';
import { EmptyState } from '@/app/_ui/states';
import { ActorName } from '@/app/(portal)/_shell/actor-name';
import {
  editBudgetHref,
  newBudgetHref,
  paceWords,
  scopeWords,
  spentWords,
  stateWords,
  subjectWords,
  usageHref,
} from '@/app/(portal)/traces/budgets/_parts/budget-words';
import type { BudgetView } from '@/lib/domains/traces/budgets/list-budgets';
import { utcDay } from '@/lib/platform/clock';

const tones = { ok: 'ok', warning: 'warn', reached: 'over' } as const;

/** The number in words; the bar beside it is decoration. */
function Spent({ budget }: { budget: BudgetView }) {
  const { spent_usd, amount_usd, state, unpriced } = budget;
  const words = state && stateWords[state];
  return (
    <div className="flex min-w-40 flex-col gap-1">
      <span className="tabular-nums">{spentWords(budget)}</span>
      {spent_usd !== null && state && (
        <div className="meter" data-state={tones[state]} aria-hidden="true">
          <div className="meter-fill" style={{ width: `${Math.min(100, (spent_usd / amount_usd) * 100)}%` }} />
          <div className="meter-mark" style={{ left: '80%' }} />
        </div>
      )}
      {words && (
        <span
          className={`inline-flex items-center gap-1 text-meta font-medium ${state === 'reached' ? 'text-bad' : 'text-warn'}`}
        >
          <Icon name={state === 'reached' ? 'octagon-x' : 'triangle-alert'} size={12} />
          {words}
        </span>
      )}
      {unpriced ? (
        <span className="text-meta text-muted">{formatPlural(unpriced, 'request')} without a price</span>
      ) : null}
    </div>
  );
}

const columns = (now: Date, month: string): readonly Column<BudgetView>[] => [
  {
    id: 'subject',
    head: 'Budget',
    priority: 'name',
    cell: budget => (
      <span className="block min-w-48">
        <Link className="link wrap-anywhere" href={usageHref(budget, { from: month, to: utcDay(now) })}>
          {budget.scope === 'developer' && budget.subject.includes('@') ? (
            <ActorName label={budget.subject} />
          ) : (
            subjectWords(budget)
          )}
        </Link>
        {budget.scope !== 'all' && (
          <span className="block text-meta font-normal text-muted">{scopeWords[budget.scope]}</span>
        )}
      </span>
    ),
  },
  { id: 'spent', head: 'This month', priority: 'second', wide: true, cell: budget => <Spent budget={budget} /> },
  { id: 'pace', head: 'Month’s end at this pace', align: 'end', cell: budget => paceWords(budget, now) },
  {
    id: 'by',
    head: 'Set by',
    cell: ({ created_by }) => (
      <span className="block min-w-32">
        <ActorName label={created_by} />
      </span>
    ),
  },
  {
    id: 'since',
    head: 'Since',
    cell: ({ created_at }) => <span className="whitespace-nowrap">{formatDate(created_at)}</span>,
  },
];

type Props = { budgets: readonly BudgetView[]; month: string; now: Date; mayWrite: boolean };

export const BudgetTable = ({ budgets, month, now, mayWrite }: Props) => (
  <DataTable
    caption="Budgets of AI usage"
    columns={columns(now, month)}
    rows={budgets}
    rowKey={({ budget_id }) => budget_id}
    actions={mayWrite ? budget => <ChangeLink budget={budget} /> : undefined}
    empty={
      <EmptyState
        icon="sparkles"
        title="No budgets yet."
        action={
          mayWrite && (
            <LinkButton variant="primary" icon="plus" href={newBudgetHref}>
              Add budget
            </LinkButton>
          )
        }
      >
        A budget says what AI may cost in a month, and tells you at 80 % and 100 %.
      </EmptyState>
    }
  />
);

const ChangeLink = ({ budget }: { budget: BudgetView }) => (
  <LinkButton href={editBudgetHref(budget.budget_id)}>
    Change…<span className="sr-only"> the budget of {subjectWords(budget)}</span>
  </LinkButton>
);
