/** The month's billing report: what each organization had, used and was invoiced, and who changed plan or status. */
import { Card } from '@/app/_ui/card';
import { DataTable } from '@/app/_ui/data-table';
import { formatCount, formatDate, formatPlural } from '@/app/_ui/format';
import { Icon } from '@/app/_ui/icon';
import { ErrorState } from '@/app/_ui/states';
import { Time } from '@/app/_ui/time';
import { Organization } from '@/app/support/billing/_parts/organization';
import type { MonthReport, ReportedChange, ReportedCustomer } from '@/lib/domains/subscriptions/reports/reports';
import { amountText } from '@/lib/domains/subscriptions/reports/reports-csv';
import { planNames, planTitle } from '@/lib/domains/subscriptions/rules';
import type { CardData } from '@/lib/edge/portal/page-card';

/** More lines are in the file. */
const shownRows = 200;

const fileHref = (month: string, of: 'customers' | 'changes') => `/api/support/billing?month=${month}&of=${of}`;

function CsvLink({ href, of }: { href: string; of: string }) {
  return (
    <a className="btn btn-plain" href={href} download>
      <Icon name="download" />
      Download CSV<span className="sr-only"> of {of}</span>
    </a>
  );
}

/** "Starter 19, Scale 12". */
function PlanDays({ row }: { row: ReportedCustomer }) {
  const days = { STARTER: row.starter_days, PROFESSIONAL: row.professional_days, SCALE: row.scale_days };
  const held = planNames.filter(plan => days[plan] > 0).map(plan => `${planTitle(plan)} ${days[plan]}`);
  return held.length > 0 ? held.join(', ') : <span className="text-muted">None</span>;
}

const amounts = (row: ReportedCustomer, of: 'total_cents' | 'paid_cents') =>
  row.invoiced.length === 0 ? (
    <span className="text-muted">–</span>
  ) : (
    row.invoiced.map(item => `${amountText(item[of], item.currency)} ${item.currency}`).join(', ')
  );

const shown = (rows: number) =>
  rows > shownRows ? `First ${shownRows} of ${formatCount(rows)}; the file has all` : '';

export function MonthTable({ data, month }: { data: CardData<MonthReport>; month: string }) {
  if (!data.ok)
    return (
      <ErrorState title="Could not load the month." retryHref={`/support/billing?month=${month}`}>
        {data.reason}
      </ErrorState>
    );
  const { customers, lastDay, stale } = data.data;
  const note = [
    `Days up to ${formatDate(lastDay)} (UTC)`,
    stale ? 'BigQuery is away: older figures' : '',
    shown(customers.length),
  ];
  return (
    <Card
      title="Organizations"
      note={note.filter(Boolean).join('. ')}
      actions={<CsvLink href={fileHref(month, 'customers')} of="customers" />}
    >
      <DataTable
        caption="Organizations in this month"
        rows={customers.slice(0, shownRows)}
        rowKey={row => row.customer_id}
        empty={<p className="text-muted">Nobody had a plan, use or an invoice in this month.</p>}
        id="month"
        columns={[
          {
            id: 'organization',
            head: 'Organization',
            priority: 'name',
            cell: row => <Organization id={row.customer_id} name={row.company_name} />,
          },
          { id: 'days', head: 'Days on plan', priority: 'second', cell: row => <PlanDays row={row} /> },
          { id: 'trial', head: 'Of them trial', align: 'end', cell: row => formatCount(row.trial_days) },
          { id: 'runs', head: 'Runs', align: 'end', cell: row => formatCount(row.runs) },
          { id: 'refused', head: 'Refused', align: 'end', cell: row => formatCount(row.runs_refused) },
          { id: 'calls', head: 'API calls', align: 'end', cell: row => formatCount(row.api_calls) },
          { id: 'invoiced', head: 'Invoiced', align: 'end', cell: row => amounts(row, 'total_cents') },
          { id: 'paid', head: 'Paid', align: 'end', cell: row => amounts(row, 'paid_cents') },
        ]}
      />
    </Card>
  );
}

const state = (plan: string | null, status: string | null) =>
  plan === null ? 'New' : `${planTitle(plan)}, ${status ?? ''}`;
const causes: Record<ReportedChange['cause'], string> = {
  sign_up: 'Sign-up',
  stripe: 'Stripe',
  trial_end: 'Trial ended',
  grace_end: 'Unpaid for seven days',
  staff: 'Support',
  reconcile: 'Nightly comparison with Stripe',
};

type ChangesProps = { data: CardData<ReportedChange[]>; month: string; now: Date };

export function ChangesTable({ data, month, now }: ChangesProps) {
  if (!data.ok)
    return (
      <ErrorState title="Could not load the changes." retryHref={`/support/billing?month=${month}`}>
        {data.reason}
      </ErrorState>
    );
  const latest = data.data.toReversed().slice(0, shownRows);
  return (
    <Card
      title="Changes of plan or status"
      note={[formatPlural(data.data.length, 'change'), shown(data.data.length)].filter(Boolean).join('. ')}
      actions={<CsvLink href={fileHref(month, 'changes')} of="changes" />}
    >
      <DataTable
        caption="Changes of plan or status in this month, the latest first"
        rows={latest}
        rowKey={row => row.change_id}
        empty={<p className="text-muted">No plan or status changed in this month.</p>}
        id="changes"
        columns={[
          {
            id: 'organization',
            head: 'Organization',
            priority: 'name',
            cell: row => <Organization id={row.customer_id} name={row.company_name} />,
          },
          {
            id: 'when',
            head: 'When',
            priority: 'second',
            cell: row => <Time instant={row.changed_at} now={now} mode="absolute" />,
          },
          { id: 'from', head: 'From', cell: row => state(row.from_plan, row.from_status) },
          { id: 'to', head: 'To', cell: row => state(row.to_plan, row.to_status) },
          { id: 'cause', head: 'By', cell: row => causes[row.cause] },
        ]}
      />
    </Card>
  );
}
