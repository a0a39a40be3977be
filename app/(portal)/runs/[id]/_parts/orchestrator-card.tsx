/** What the orchestrator that reported of a run calls it, and what of its reports came too late. */
import { Card } from '@/app/_ui/card';
import { formatPlural } from '@/app/_ui/format';
import { exactly } from '@/app/_ui/time';
import { orchestratorName } from '@/app/(portal)/_runs/observed';
import { Facts } from '@/app/(portal)/runs/_parts/facts';
import type { Run } from '@/lib/domains/runs/tables';

export function OrchestratorCard({ run }: { run: Run }) {
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
    </Card>
  );
}
