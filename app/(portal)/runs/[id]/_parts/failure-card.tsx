/** Why the run failed: our sentence first, what to do, the step, its check, and the sender's own words folded away. */
import { Card } from '@/app/_ui/card';
import { Icon } from '@/app/_ui/icon';
import { WrittenText } from '@/app/(portal)/runs/_parts/json-text';
import { Expectations } from '@/app/(portal)/runs/[id]/_parts/checks-card';
import { errorOf } from '@/lib/domains/runs/explain/failed-run';
import { failureReason } from '@/lib/domains/runs/explain/failure-reason';
import { brokenStep } from '@/lib/domains/runs/explain/reported-step';
import type { RunCheck, RunStep } from '@/lib/domains/runs/reads/run-parts';
import type { Run } from '@/lib/domains/runs/tables';
import { type ActorNames, actorText } from '@/lib/domains/team/actor-names';

type Props = { run: Run; steps: readonly RunStep[]; checks: readonly RunCheck[]; names: ActorNames };

export function FailureCard({ run, steps, checks, names }: Props) {
  if (run.status !== 'FAILED' && run.status !== 'CANCELLED') return null;
  const step = brokenStep(steps);
  const isObserved = run.origin === 'observed';
  // The check of a step that is a test has the name of its job.
  const check = step && checks.find(made => made.overall_status === 'FAIL' && made.dq_config_id === step.step_name);
  const failed = {
    ...run,
    status: run.status,
    isObserved,
    step: step
      ? {
          index: step.step_index,
          name: step.step_name,
          errorMessage: step.error_message,
          hasFailedCheck: check !== undefined,
        }
      : null,
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
      {check && <Expectations check={check} />}
      {step && (
        <p>
          <a className="link" href={`#row-${step.step_logging_id}`}>
            Go to the step “{step.step_name}”
          </a>
        </p>
      )}
      {texts.length > 0 && (
        <details className="disclosure">
          <summary>Full error, as the {isObserved ? 'orchestrator' : 'worker'} wrote it</summary>
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
