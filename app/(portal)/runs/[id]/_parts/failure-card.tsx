/** Why the run failed: our sentence first, what to do, the step, its check, and the sender's own words folded away. */
import { Card } from '@/app/_ui/card';
import { Icon } from '@/app/_ui/icon';
import { WrittenText } from '@/app/(portal)/runs/_parts/json-text';
import { Expectations } from '@/app/(portal)/runs/[id]/_parts/checks-card';
import { explainRun } from '@/lib/domains/runs/explain/explain-run';
import type { RunCheck, RunStep } from '@/lib/domains/runs/reads/run-parts';
import type { Run } from '@/lib/domains/runs/tables';
import { type ActorNames, actorText } from '@/lib/domains/team/actor-names';

type Props = { run: Run; steps: readonly RunStep[]; checks: readonly RunCheck[]; names: ActorNames };

export function FailureCard({ run, steps, checks, names }: Props) {
  const cancelledBy = run.cancelRequestedBy && actorText(run.cancelRequestedBy, names);
  const explained = explainRun(run, steps, checks, cancelledBy);
  if (!explained) return null;
  const { sentence, todo, step, check, texts } = explained;
  const isObserved = run.origin === 'observed';
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
