/** Gallery: what shows data. */

import { BarChart } from '@/app/_ui/bar-chart';
import { LinkButton } from '@/app/_ui/button';
import { Card } from '@/app/_ui/card';
import { Checklist } from '@/app/_ui/checklist';
import { ConfirmDialog } from '@/app/_ui/confirm-dialog';
import { type Column, DataTable } from '@/app/_ui/data-table';
import { FilterBar } from '@/app/_ui/filter-bar';
import { formatCount } from '@/app/_ui/format';
import type { ListParams } from '@/app/_ui/list-params';
import { Menu } from '@/app/_ui/menu';
import { Meter } from '@/app/_ui/meter';
import { Notice } from '@/app/_ui/notice';
import { Outline } from '@/app/_ui/page-outline';
import { Pager } from '@/app/_ui/pager';
import { Sparkline } from '@/app/_ui/sparkline';
import { EmptyState, ErrorState } from '@/app/_ui/states';
import { type Status, statuses } from '@/app/_ui/status';
import { StatusBadge } from '@/app/_ui/status-badge';
import { Time } from '@/app/_ui/time';
import { refuse } from '@/app/(dev)/gallery/actions';
import { type ExampleKey, exampleDays, exampleKeys } from '@/app/(dev)/gallery/data';

function columns(now: Date): Column<ExampleKey>[] {
  return [
    {
      id: 'name',
      head: 'Name',
      cell: key => (
        <a className="link-quiet" href={`/keys/${key.id}`}>
          {key.name}
        </a>
      ),
      sortable: true,
      priority: 'name',
    },
    { id: 'prefix', head: 'Key', cell: key => <code>{key.prefix}</code> },
    { id: 'last_used', head: 'Last used', cell: key => <Time instant={key.lastUsed} now={now} />, sortable: true },
    { id: 'expires', head: 'Expires', cell: key => <Time instant={key.expires} now={now} />, sortable: true },
    { id: 'calls', head: 'Calls', cell: key => formatCount(key.calls), align: 'end' },
    { id: 'status', head: 'Status', cell: key => <StatusBadge status={key.status} />, priority: 'second' },
  ];
}

export function TableSection({ params, now }: { params: ListParams; now: Date }) {
  return (
    <section aria-label="Table" className="flex flex-col gap-3">
      <h2>Table, filters, menus</h2>
      <FilterBar
        path="/gallery"
        params={params}
        fields={[
          { type: 'search', name: 'q', label: 'Search', placeholder: 'Name' },
          {
            type: 'select',
            name: 'status',
            label: 'Status',
            options: [
              { value: '', label: 'Active' },
              { value: 'revoked', label: 'Revoked' },
              { value: 'all', label: 'All' },
            ],
          },
          { type: 'date', name: 'from', label: 'From' },
        ]}
      />
      <DataTable
        caption="API keys"
        columns={columns(now)}
        rows={exampleKeys}
        rowKey={key => key.id}
        sorting={{ path: '/gallery', params, initial: { sort: 'last_used', dir: 'desc' } }}
        selection={{ formId: 'bulk', name: 'id', value: key => key.id, label: key => `Select ${key.name}` }}
        actions={key => (
          <Menu
            name={`Actions for ${key.name}`}
            items={[
              { type: 'link', label: 'Rename', href: '/keys/1/rename', icon: 'pencil' },
              { type: 'link', label: 'Rotate…', href: '/keys/1/rotate', icon: 'rotate-cw' },
              {
                type: 'custom',
                key: 'revoke',
                content: (
                  <ConfirmDialog
                    trigger="Revoke…"
                    triggerClassName="menu-item text-bad"
                    title={`Revoke ${key.name}?`}
                    confirmLabel="Revoke key"
                    pending="Revoking key…"
                    action={refuse}
                  >
                    Requests with this key fail at once.
                  </ConfirmDialog>
                ),
              },
            ]}
          />
        )}
        empty={<EmptyState title="No API keys yet." />}
        footer={<Pager path="/gallery" params={params} shown={4} total={312} nextCursor="abc" />}
      />
    </section>
  );
}

export function MeterSection() {
  return (
    <section aria-label="Meters" className="flex flex-col gap-3">
      <h2>Meters</h2>
      <div className="card grid gap-6 p-4 sm:grid-cols-3">
        <Meter
          label="Runs today"
          used={4}
          limit={6}
          kind="refuse"
          size="metric"
          note="resets in 5 h 12 min (00:00 UTC)"
          href="/pipelines"
        />
        <Meter label="Runs this month" used={61} limit={null} kind="refuse" size="metric" note="since 1 Nov" />
        <Meter label="Failed, 7 days" used={null} limit={6} kind="refuse" size="metric" />
        <Meter label="Runs, near" used={5} limit={6} kind="refuse" />
        <Meter label="Runs, blocked" used={6} limit={6} kind="refuse" />
        <Meter label="Seats, full" used={2} limit={2} kind="hold" />
        <Meter label="Seats, over" used={5} limit={2} kind="hold" note="after the downgrade" />
        <Meter label="Zero" used={0} limit={6} kind="refuse" />
        <Meter label="Large" used={182_004} limit={1_000_000} kind="refuse" />
      </div>
    </section>
  );
}

export function ChartSection() {
  return (
    <Card title="Runs, last 30 days (UTC)" note="As of 18:48:00 UTC">
      <BarChart
        title="Runs, last 30 days (UTC)"
        sentence="Most days are below the limit; on 20 Nov three starts were refused."
        pointHead="Date"
        limitLabel="limit 6 a day (4 until 31 Oct)"
        series={[
          { key: 'ok', label: 'Succeeded', color: 'ok' },
          { key: 'bad', label: 'Failed', color: 'bad' },
          { key: 'refused', label: 'Refused', color: 'neutral' },
        ]}
        points={exampleDays}
      />
      <p className="flex items-center gap-3">
        Trend <Sparkline label="Runs in the last 8 days, from 1 to 6 a day" values={[1, 3, 2, null, 5, 4, 6, 5]} />
        <Sparkline label="Too little" values={[1]} />
      </p>
    </Card>
  );
}

export function StatusSection({ now }: { now: Date }) {
  return (
    <Card title="Statuses and times">
      <ul className="flex flex-wrap gap-3">
        {(Object.keys(statuses) as Status[]).map(status => (
          <li key={status}>
            <StatusBadge status={status} />
          </li>
        ))}
        <li>
          <StatusBadge status="expires_soon" detail="in 4 days" />
        </li>
      </ul>
      <p className="flex flex-wrap gap-4">
        <Time instant={now} now={now} />
        <Time instant={now} now={now} mode="absolute" />
        <Time instant={now} now={now} mode="date" />
        <Time instant={null} now={now} />
      </p>
    </Card>
  );
}

export function StateSection() {
  const steps = ['Connect a credential', 'Enable a provider', 'Create an API key', 'Run a first pipeline'];
  return (
    <section aria-label="States" className="flex flex-col gap-3">
      <h2>Notices and states</h2>
      <Notice tone="ok">Key revoked.</Notice>
      <Notice tone="info">The list is updating.</Notice>
      <Notice
        tone="warn"
        title="Trial ends in 3 days, on 24 Nov 2026."
        action={<LinkButton href="/billing">Add card</LinkButton>}
      >
        Add a card to keep running pipelines.
      </Notice>
      <EmptyState
        icon="key-round"
        title="No API keys yet."
        action={
          <LinkButton href="/keys/new" variant="primary">
            Create key
          </LinkButton>
        }
      >
        Create one to send runs from your own systems.
      </EmptyState>
      <EmptyState title="No key matches these filters." action={<LinkButton href="/gallery">Clear all</LinkButton>} />
      <ErrorState title="Could not load runs." retryHref="/gallery" requestId="req_4f2a9c7e">
        The warehouse did not answer. The rest of this page is up to date.
      </ErrorState>
      <Outline kind="figures" />
      <Outline kind="form" />
      <Checklist
        items={steps.map((label, index) => ({ label, done: index < 2, href: '/keys' }))}
        hide={<LinkButton href="/gallery">Hide</LinkButton>}
      />
    </section>
  );
}
