/** Values stored requests anew, and shows what the last time changed. */
import { Card } from '@/app/_ui/card';
import { type Column, DataTable } from '@/app/_ui/data-table';
import { SelectField } from '@/app/_ui/field';
import { Form } from '@/app/_ui/form';
import { formatCount, formatDate, formatDollars, formatPlural } from '@/app/_ui/format';
import { Notice } from '@/app/_ui/notice';
import { SubmitButton } from '@/app/_ui/submit-button';
import { Time } from '@/app/_ui/time';
import { ActorName } from '@/app/(portal)/_shell/actor-name';
import { recalculateAction } from '@/app/(portal)/traces/prices/actions';
import type { ModelChange, RepriceReport, Totals } from '@/lib/domains/traces/prices/reprice/report';
import type { RepriceRun } from '@/lib/domains/traces/prices/reprice/reprice-run';

type Props = {
  lastRun: RepriceRun | undefined;
  customerId: string;
  mayWrite: boolean;
  now: Date;
  timeMode: 'relative' | 'absolute';
};

const choices = [7, 30, 90, 365];

export function RecalculateCard({ lastRun, customerId, mayWrite, now, timeMode }: Props) {
  if (!mayWrite && !lastRun) return null;
  return (
    <Card title="Recalculate costs">
      {mayWrite && (
        <>
          <p className="max-w-prose text-muted">
            Requests keep the cost they had when they arrived. Recalculating values those of the last days by the prices
            above. The document price does not change.
          </p>
          <Form action={recalculateAction} customerId={customerId} className="flex flex-wrap items-end gap-3">
            <SelectField
              name="days"
              label="Days up to today (UTC)"
              defaultValue="30"
              options={choices.map(days => ({ value: String(days), label: `Last ${days} days` }))}
            />
            <SubmitButton variant="plain" pending="Recalculating…">
              Recalculate
            </SubmitButton>
          </Form>
        </>
      )}
      {lastRun && <LastRun run={lastRun} now={now} timeMode={timeMode} />}
    </Card>
  );
}

function LastRun({ run, now, timeMode }: { run: RepriceRun } & Pick<Props, 'now' | 'timeMode'>) {
  const days = `${formatDate(run.from)} to ${formatDate(run.to)}`;
  if (run.state === 'RUNNING')
    return <Notice tone="info">{days} are being recalculated. Load this page again to see the report.</Notice>;
  const when = (
    <p>
      Last time: {days}, <Time instant={run.started_at} now={now} mode={timeMode} /> by{' '}
      <ActorName label={run.started_by} />.
    </p>
  );
  if (run.state === 'FAILED' || !run.report)
    return (
      <>
        {when}
        <Notice tone="bad">
          It failed, and what it did not reach is as it was: {run.error ?? 'nothing is known of why.'}
        </Notice>
      </>
    );
  return (
    <>
      {when}
      <Report report={run.report} />
    </>
  );
}

const total = ({ cost_usd, unpriced }: Totals): string =>
  unpriced > 0 ? `at least ${formatDollars(cost_usd)}` : formatDollars(cost_usd);

const columns: readonly Column<ModelChange>[] = [
  {
    id: 'model',
    head: 'Model',
    priority: 'name',
    cell: ({ model, provider }) => (
      <>
        <span className="wrap-anywhere">{model ?? 'No model'}</span>
        {provider && <span className="block text-meta font-normal text-muted">{provider}</span>}
      </>
    ),
  },
  { id: 'requests', head: 'Requests', align: 'end', cell: ({ requests }) => formatCount(requests) },
  { id: 'before', head: 'Before', align: 'end', cell: change => formatDollars(change.cost_before_usd) },
  { id: 'after', head: 'After', align: 'end', cell: change => formatDollars(change.cost_after_usd) },
  { id: 'was', head: 'No price before', align: 'end', cell: change => formatCount(change.unpriced_before) },
  { id: 'is', head: 'No price after', align: 'end', cell: change => formatCount(change.unpriced_after) },
];

function Report({ report }: { report: RepriceReport }) {
  if (report.changed === 0) return <p>Nothing changed: the costs were those of the book.</p>;
  return (
    <>
      <p>
        {formatPlural(report.changed, 'request')} of {formatCount(report.after.requests)} changed, from{' '}
        <strong>{total(report.before)}</strong> to <strong>{total(report.after)}</strong>.
      </p>
      <DataTable
        id="recalculated"
        caption="What changed by model"
        columns={columns}
        rows={report.models}
        rowKey={({ provider, model }) => JSON.stringify([provider, model])}
        empty={null}
        footer={
          report.more_models > 0 && <p className="text-muted">And {formatPlural(report.more_models, 'more model')}.</p>
        }
      />
    </>
  );
}
