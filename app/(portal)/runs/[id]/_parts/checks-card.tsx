/** The data-quality checks of a run, failed ones first, each with its last results. */
import { Card } from '@/app/_ui/card';
import { type Column, DataTable } from '@/app/_ui/data-table';
import { formatCount, formatPlural } from '@/app/_ui/format';
import { type Mark, Marks } from '@/app/_ui/marks';
import { StatusBadge } from '@/app/_ui/status-badge';
import { checkStatusLook, expectationWords, failedRowsWords } from '@/app/(portal)/data-quality/_parts/quality-words';
import { More } from '@/app/(portal)/runs/[id]/_parts/steps-card';
import { type FailedExpectation, failedExpectations } from '@/lib/domains/runs/explain/failed-expectations';
import type { Histories, Parts } from '@/lib/domains/runs/reads/run-page';
import { checkKey, type PastResult, type RunCheck } from '@/lib/domains/runs/reads/run-parts';
import type { Run } from '@/lib/domains/runs/tables';

/** "37 of 182,004 rows (0.02 %)"; of an assertion "expected 0, found 1, severity warn". */
function foundText({ assertion: told, ...item }: FailedExpectation): string | null {
  if (!told) return failedRowsWords(item);
  return (
    [
      told.expected && `expected ${told.expected}`,
      told.actual && `found ${told.actual}`,
      told.severity && `severity ${told.severity}`,
    ]
      .filter(Boolean)
      .join(', ') || failedRowsWords(item)
  );
}

/** "not_null on cost_usd: 37 of 182,004 rows (0.02 %)", and the name of an assertion where it has one of its own. */
function Expectation({ item }: { item: FailedExpectation }) {
  const name = item.assertion?.name;
  return (
    <>
      {[expectationWords(item), foundText(item)].filter(Boolean).join(': ')}
      {name && name !== item.expectation && (
        <>
          <br />
          <code>{name}</code>
        </>
      )}
    </>
  );
}

/** How many expectations of a check failed, and which. */
export function Expectations({ check }: { check: RunCheck }) {
  const total = check.expectations_passed + check.expectations_failed;
  // What only warns comes last.
  const isWarning = ({ assertion }: FailedExpectation) => Number(assertion?.severity === 'warn');
  const failed = failedExpectations(check.failed_expectations).toSorted((a, b) => isWarning(a) - isWarning(b));
  return (
    <div className="flex flex-col items-start gap-1 text-start">
      <span>
        {check.expectations_failed > 0
          ? `${formatCount(check.expectations_failed)} of ${formatCount(total)} expectations failed`
          : `${formatPlural(total, 'expectation')} passed`}
      </span>
      {failed.length > 0 && (
        <ul className="text-muted">
          {failed.map((item, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: entries of one report never move.
            <li key={index} className="wrap-anywhere">
              <Expectation item={item} />
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

const markOf = (result: PastResult, runId: string): Mark => ({
  id: result.dq_result_id,
  status: checkStatusLook[result.overall_status],
  at: result.executed_at,
  href: `/runs/${result.pipeline_logging_id}`,
  current: result.pipeline_logging_id === runId,
});

const columns = (run: Run, histories: Histories): Column<RunCheck>[] => [
  { id: 'check', head: 'Check', priority: 'name', cell: check => check.dq_config_id },
  {
    id: 'result',
    head: 'Result',
    priority: 'second',
    cell: check => <StatusBadge status={checkStatusLook[check.overall_status]} />,
  },
  { id: 'table', head: 'Table', cell: check => <span className="wrap-anywhere">{check.target_table}</span> },
  { id: 'expectations', head: 'Expectations', wide: true, cell: check => <Expectations check={check} /> },
  {
    id: 'history',
    head: 'Last 10 results, oldest first',
    cell: check => (
      <Marks
        label={`Last results of ${check.dq_config_id} on ${check.target_table}, oldest first`}
        marks={(histories.get(checkKey(check)) ?? []).map(result => markOf(result, run.pipelineLoggingId))}
      />
    ),
  },
];

type Props = { run: Run; checks: Parts<RunCheck>; histories: Histories; isLaterPage: boolean };

export function ChecksCard({ run, checks, histories, isLaterPage }: Props) {
  const href = `/runs/${run.pipelineLoggingId}`;
  const isWhole = !isLaterPage && checks.nextCursor === null;
  const failed = isWhole ? checks.rows.filter(check => check.overall_status === 'FAIL').length : run.checksFailed;
  const total = isWhole ? checks.rows.length : run.checkCount;
  return (
    <Card
      title="Data quality"
      note={total > 0 ? `${formatCount(failed)} of ${formatCount(total)} checks failed` : undefined}
    >
      <DataTable
        id="checks"
        caption="Data-quality checks"
        columns={columns(run, histories)}
        rows={checks.rows}
        rowKey={check => check.dq_result_id}
        empty={<p className="text-muted">{isLaterPage ? 'There are no more checks.' : 'Checks did not run.'}</p>}
      />
      <More
        shown={checks.rows.length}
        total={total}
        first={isLaterPage ? href : undefined}
        next={checks.nextCursor ? `${href}?checks_after=${encodeURIComponent(checks.nextCursor)}` : undefined}
        noun="checks"
      />
    </Card>
  );
}
