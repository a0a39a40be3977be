/** The longest completed steps of the last day, each with its run. Source: docs/spec/requirements.md, M-16. */
import { Card } from '@/app/_ui/card';
import { DataTable } from '@/app/_ui/data-table';
import { formatCount, formatDuration } from '@/app/_ui/format';
import { Link } from '@/app/_ui/link';
import { ErrorState } from '@/app/_ui/states';
import { runHref } from '@/app/(portal)/_runs/run-links';
import type { LongStep } from '@/lib/domains/runs/reads/queries';
import type { CardData } from '@/lib/edge/portal/page-card';

export function SlowestSteps({ steps }: { steps: CardData<{ rows: LongStep[] }> }) {
  if (!steps.ok)
    return (
      <ErrorState title="Could not load the slowest steps." retryHref="/pipelines">
        {steps.reason}
      </ErrorState>
    );
  return (
    <Card title="Slowest steps, last 24 hours">
      <DataTable
        id="steps"
        caption="Slowest steps of the last 24 hours"
        rows={steps.data.rows}
        rowKey={step => step.step_logging_id}
        empty={<p className="text-muted">No step was completed in the last 24 hours.</p>}
        columns={[
          {
            id: 'step',
            head: 'Step',
            priority: 'name',
            cell: step => (
              <Link
                className="link block max-w-full truncate sm:max-w-44"
                href={runHref(step.pipeline_logging_id)}
                title={step.step_name}
              >
                {step.step_name}
                <span className="sr-only"> of {step.pipeline_id}</span>
              </Link>
            ),
          },
          { id: 'pipeline', head: 'Pipeline', cell: step => <span className="wrap-anywhere">{step.pipeline_id}</span> },
          { id: 'duration', head: 'Duration', align: 'end', cell: step => formatDuration(step.duration_ms) },
          { id: 'rows', head: 'Rows', align: 'end', cell: step => formatCount(step.rows_processed) },
        ]}
      />
    </Card>
  );
}
