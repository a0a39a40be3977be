/** Why the run failed: our sentence first, what to do, the step, and the worker's own words folded away. */
import { Card } from '@/app/_ui/card';
import { Icon } from '@/app/_ui/icon';
import { WrittenText } from '@/app/(portal)/runs/_parts/json-text';
import { errorOf } from '@/lib/domains/runs/explain/failed-run';
import { failureReason } from '@/lib/domains/runs/explain/failure-reason';
import type { RunStep } from '@/lib/domains/runs/reads/run-parts';
import type { Run } from '@/lib/domains/runs/tables';
import { type ActorNames, actorText } from '@/lib/domains/team/actor-names';

type Props = { run: Run; steps: readonly RunStep[]; names: ActorNames };

/** The step that failed first; where none did, the one that was running when the run ended. */
const brokenStep = (steps: readonly RunStep[]): RunStep | undefined =>
  steps.find(({ status }) => status === 'FAILED') ?? steps.find(({ status }) => status === 'RUNNING');

export function FailureCard({ run, steps, names }: Props) {
  if (run.status !== 'FAILED' && run.status !== 'CANCELLED') return null;
  const step = brokenStep(steps);
  const failed = {
    ...run,
    status: run.status,
    step: step ? { index: step.step_index, name: step.step_name, errorMessage: step.error_message } : null,
    worker: run.workerInstance,
    cancelledBy: run.cancelRequestedBy && actorText(run.cancelRequestedBy, names),
    checks: run.checkCount,
  };
  const { sentence, todo } = failureReason(failed);
  const texts = [...new Set([errorOf(failed), run.errorMessage])].filter(text => text !== null);
  return (
    <Card title={run.status === 'CANCELLED' ? 'What happened' : 'What failed'}>
      <p className="flex items-start gap-2 font-medium wrap-anywhere">
        {run.status === 'FAILED' && <Icon name="circle-x" className="mt-0.5 shrink-0 text-bad" />}
        {sentence}
      </p>
      {todo && <p className="max-w-prose">{todo}</p>}
      {step && (
        <p>
          <a className="link" href={`#row-${step.step_logging_id}`}>
            Go to the step “{step.step_name}”
          </a>
        </p>
      )}
      {texts.length > 0 && (
        <details className="disclosure">
          <summary>Full error, as the worker wrote it</summary>
          <div className="flex flex-col gap-3 pt-2">
            {texts.map((text, index) => (
              <WrittenText key={text} label={index === 0 ? 'Error' : 'Error of the run'} text={text} />
            ))}
          </div>
        </details>
      )}
    </Card>
  );
}
