/** What the run was given, what it cost, and what happened to it in time. */
import { Card } from '@/app/_ui/card';
import { formatDate, formatPlural } from '@/app/_ui/format';
import { Link } from '@/app/_ui/link';
import { exactly } from '@/app/_ui/time';
import { runHref } from '@/app/(portal)/_runs/run-links';
import { Facts } from '@/app/(portal)/runs/_parts/facts';
import { JsonText } from '@/app/(portal)/runs/_parts/json-text';
import { causeText, Trigger, triggeredOf } from '@/app/(portal)/runs/_parts/trigger';
import type { RunRead } from '@/app/(portal)/runs/[id]/_parts/read-run';
import { type RunEvent, runEvents } from '@/app/(portal)/runs/[id]/_parts/run-events';
import { placedSteps } from '@/lib/domains/runs/explain/reported-step';
import type { RunParts } from '@/lib/domains/runs/reads/run-page';
import type { Run } from '@/lib/domains/runs/tables';
import { type ActorNames, actorText } from '@/lib/domains/team/actor-names';

type Props = { run: Run; names: ActorNames };

export function ParametersCard({ run }: { run: Run }) {
  return (
    <Card title="Parameters">
      {run.parameters === null ? (
        <p className="text-muted">
          {run.origin === 'observed' ? 'Its orchestrator told of none.' : 'It was started without parameters.'}
        </p>
      ) : (
        <JsonText label="Parameters" value={run.parameters} />
      )}
    </Card>
  );
}

/** "1 run of 21 Nov 2026 (UTC)". */
function chargeText({ quotaCharge, runDay, origin }: Run): string {
  if (origin === 'observed') return 'None: observed';
  if (quotaCharge === 0 || runDay === null) return 'None: it has not started';
  return `${formatPlural(quotaCharge, 'run')} of ${formatDate(runDay)} (UTC)`;
}

export function ChargeCard({ run, names, config }: Props & { config: RunRead['config'] }) {
  return (
    <Card title="Quota and origin">
      <Facts
        facts={[
          ['Quota', chargeText(run)],
          ['Trigger', <Trigger key="trigger" run={triggeredOf(run)} />],
          run.origin === 'observed'
            ? ['Reported by', causeText(triggeredOf(run), names)]
            : ['Triggered by', run.triggerBy === run.startedBy ? null : actorText(run.triggerBy, names)],
          ['Scheduled for', run.scheduledFor && exactly(run.scheduledFor)],
          [
            'Provider',
            run.configId &&
              (config ? (
                <Link key="config" className="link" href={`/providers/${encodeURIComponent(config.config_id)}`}>
                  {config.name}
                </Link>
              ) : (
                'Deleted since'
              )),
          ],
          ['Config version', run.configVersion && <code>{run.configVersion}</code>],
          ['Worker', run.workerInstance],
          [
            'Repeats',
            run.rerunOf && (
              <Link className="link" href={runHref(run.rerunOf)}>
                an earlier run
              </Link>
            ),
          ],
        ]}
      />
    </Card>
  );
}

export function EventsCard({ run, names, parts }: Props & { parts: RunParts | null }) {
  const events = runEvents({
    run,
    // What is folded in the list of steps is not told by itself here either.
    steps: placedSteps(parts?.steps.rows ?? [], run.jobName).map(({ step }) => step),
    checks: parts?.checks.rows ?? [],
    askedBy: causeText(triggeredOf(run), names),
    cancelledBy: run.cancelRequestedBy && actorText(run.cancelRequestedBy, names),
  });
  return (
    <Card title="Events">
      <ol className="flex flex-col gap-1 text-table">
        {events.map(event => (
          <EventLine key={`${event.at.getTime()} ${event.text}`} event={event} />
        ))}
      </ol>
    </Card>
  );
}

const EventLine = ({ event: { at, text } }: { event: RunEvent }) => (
  <li className="grid gap-x-4 sm:grid-cols-[13rem_1fr]">
    <span className="text-muted">{exactly(at)}</span>
    <span className="wrap-anywhere">{text}</span>
  </li>
);
