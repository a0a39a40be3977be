/** Tables of the support console about customers: who is near the limit, whose trial ends, which expired keys are in use. */
import type { ReactNode } from 'react';
import { Card } from '@/app/_ui/card';
import { DataTable } from '@/app/_ui/data-table';
import { formatDate, formatOf, formatPercent } from '@/app/_ui/format';
import { ErrorState } from '@/app/_ui/states';
import { StatusBadge } from '@/app/_ui/status-badge';
import { Time } from '@/app/_ui/time';
import type { listTrialsEnding } from '@/lib/domains/customers/queries';
import type { listExpiredKeys } from '@/lib/domains/keys/queries';
import type { listQuotaUtilization } from '@/lib/domains/quotas/queries';
import { planTitle } from '@/lib/domains/subscriptions/rules';
import type { CardOnFile } from '@/lib/domains/support/cards-on-file';
import type { CardData } from '@/lib/edge/portal/page-card';

type Rows<Query extends (...args: never[]) => Promise<{ rows: unknown[] }>> = CardData<
  Awaited<ReturnType<Query>>['rows'][number][]
>;

const nothing = (text: string) => <p className="text-muted">{text}</p>;
const inDays = (days: number) => (days === 0 ? 'today' : days === 1 ? 'tomorrow' : `in ${days} days`);

export function NearLimit({
  data,
  minimumPercent,
}: {
  data: Rows<typeof listQuotaUtilization>;
  minimumPercent: number;
}) {
  if (!data.ok)
    return (
      <ErrorState title="Could not load quota use." retryHref="/support">
        {data.reason}
      </ErrorState>
    );
  return (
    <Card title="Customers near limit" note={`Today (UTC), from ${minimumPercent} % on, worst first`}>
      <DataTable
        caption="Customers near their daily limit"
        rows={data.data.filter(row => (row.utilization_pct ?? 0) >= minimumPercent)}
        rowKey={row => row.customer_id}
        empty={nothing(`No customer above ${minimumPercent} %.`)}
        id="near-limit"
        columns={[
          { id: 'organization', head: 'Organization', priority: 'name', cell: row => row.company_name },
          {
            id: 'state',
            head: 'Runs',
            priority: 'second',
            cell: row => (row.quota_exceeded ? <StatusBadge status="blocked" /> : <StatusBadge status="warning" />),
          },
          { id: 'plan', head: 'Plan', cell: row => planTitle(row.subscription_plan) },
          {
            id: 'used',
            head: 'Runs today',
            align: 'end',
            cell: row => formatOf(row.pipelines_run_today ?? 0, row.daily_limit),
          },
          {
            id: 'share',
            head: 'Share',
            align: 'end',
            cell: row => formatPercent(row.pipelines_run_today ?? 0, row.daily_limit),
          },
          { id: 'status', head: 'Customer', cell: row => row.status },
        ]}
      />
    </Card>
  );
}

type Trial = Awaited<ReturnType<typeof listTrialsEnding>>['rows'][number] & { card: CardOnFile };

const cards = {
  yes: 'Yes',
  no: 'No',
  unknown: <span className="text-muted">Unknown</span>,
} satisfies Record<CardOnFile, ReactNode>;

const endOf = ({ trial_end_date, days_remaining }: Trial): string =>
  `${trial_end_date ? formatDate(trial_end_date) : '–'}, ${inDays(days_remaining)}`;

export function Trials({ data }: { data: CardData<Trial[]> }) {
  if (!data.ok)
    return (
      <ErrorState title="Could not load trials." retryHref="/support">
        {data.reason}
      </ErrorState>
    );
  return (
    <Card title="Trials" note="Ending in the next 14 days, soonest first">
      <DataTable
        caption="Trials that end soon"
        rows={data.data}
        rowKey={row => row.customer_id}
        empty={nothing('No trial ends in the next 14 days.')}
        id="trials"
        columns={[
          { id: 'organization', head: 'Organization', priority: 'name', cell: row => row.company_name },
          { id: 'plan', head: 'Plan', priority: 'second', cell: row => planTitle(row.subscription_plan) },
          { id: 'ends', head: 'Ends', cell: row => endOf(row) },
          { id: 'card', head: 'Card on file', cell: row => cards[row.card] },
          { id: 'owner', head: 'Owner', cell: row => <span className="wrap-anywhere">{row.admin_email}</span> },
        ]}
      />
    </Card>
  );
}

export function ExpiredKeys({ data, now }: { data: Rows<typeof listExpiredKeys>; now: Date }) {
  if (!data.ok)
    return (
      <ErrorState title="Could not load expired keys." retryHref="/support">
        {data.reason}
      </ErrorState>
    );
  return (
    <Card title="Expired keys" note="Refused already, but not yet marked inactive">
      <DataTable
        caption="Expired keys that are still marked active"
        rows={data.data}
        rowKey={row => row.api_key_id}
        empty={nothing('No expired keys still in use.')}
        id="expired-keys"
        columns={[
          { id: 'organization', head: 'Organization', priority: 'name', cell: row => row.company_name },
          {
            id: 'key',
            head: 'Key',
            priority: 'second',
            cell: row => <span className="wrap-anywhere">{row.key_name}</span>,
          },
          { id: 'expired', head: 'Expired', cell: row => <Time instant={row.expires_at} now={now} /> },
          { id: 'used', head: 'Last used', cell: row => <Time instant={row.last_used_at} now={now} /> },
          { id: 'by', head: 'Created by', cell: row => <span className="wrap-anywhere">{row.created_by}</span> },
        ]}
      />
    </Card>
  );
}
