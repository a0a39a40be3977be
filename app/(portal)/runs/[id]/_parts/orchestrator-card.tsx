/** What the orchestrator that reported of a run calls it, and what of its reports came too late. */
import { Card } from '@/app/_ui/card';
import { formatPlural } from '@/app/_ui/format';
import { exactly } from '@/app/_ui/time';
import { orchestratorName } from '@/app/(portal)/_runs/observed';
import { Facts } from '@/app/(portal)/runs/_parts/facts';
import type { LateEvent } from '@/lib/domains/lineage/late/list-late-events';
import type { Run } from '@/lib/domains/runs/tables';

type Props = { run: Run; late: readonly LateEvent[] };

export function OrchestratorCard({ run, late }: Props) {
  if (run.orchestrator === null && run.jobName === null) return null;
  return (
    <Card title="Orchestrator">
      <Facts
        facts={[
          ['Reported by', orchestratorName(run.orchestrator)],
          ['Namespace', run.jobNamespace],
          ['Job', run.jobName],
          ['Its run id', run.orchestratorRunId && <code key="id">{run.orchestratorRunId}</code>],
          ['Start as reported later', run.reportedStartTime && exactly(run.reportedStartTime)],
          ['Late events', run.lateEvents === 0 ? 'None' : formatPlural(run.lateEvents, 'event')],
        ]}
      />
      <LateEvents late={late} />
    </Card>
  );
}

/** They changed nothing of the run; what they said is kept for a while. */
function LateEvents({ late }: { late: readonly LateEvent[] }) {
  if (late.length === 0) return null;
  return (
    <details className="disclosure">
      <summary>
        {late.length === 1 ? 'The late event' : `The latest ${formatPlural(late.length, 'late event')}`}
      </summary>
      <ul className="flex flex-col gap-2 pt-2 text-table">
        {late.map(({ eventTime, receivedAt, eventType, jobName, reason }, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: an event may have been sent twice.
          <li key={index} className="wrap-anywhere">
            {eventType || 'Event'} of “{jobName}” at {exactly(eventTime)}, received {exactly(receivedAt)}.{' '}
            <span className="text-muted">{reason}</span>
          </li>
        ))}
      </ul>
    </details>
  );
}
