/** Asks before runs are repeated: which of them can be, and what that takes of today's quota. */

import { LinkButton } from '@/app/_ui/button';
import { Form } from '@/app/_ui/form';
import { formatCount, formatPlural } from '@/app/_ui/format';
import { Notice } from '@/app/_ui/notice';
import { PageHeader } from '@/app/_ui/page-header';
import { SubmitButton } from '@/app/_ui/submit-button';
import { PortalPage } from '@/app/(portal)/_shell/portal-page';
import { pageTitle, visitorQuota } from '@/app/(portal)/_shell/visitor';
import {
  type ChosenProps,
  ChosenTable,
  chosenRuns,
  isObserved,
  leftAlone,
  observedAlone,
} from '@/app/(portal)/runs/_parts/chosen';
import { runAgainAction } from '@/app/(portal)/runs/actions';
import { hasEnded } from '@/lib/domains/runs/rules';
import { newUuid } from '@/lib/platform/ids';

export const generateMetadata = () => pageTitle('Run again');

/** "Needs 8 runs, 2 left today." */
const needs = (count: number, left: number): string =>
  `Needs ${formatPlural(count, 'run')}, ${formatCount(left)} left today.`;

export default async function RunAgainPage(props: ChosenProps) {
  const chosen = await chosenRuns(props, 'run.again', 'Only owners, admins and collaborators can run pipelines again.');
  if ('refused' in chosen) return chosen.refused;
  const { visitor, tooMany } = chosen;
  const observed = observedAlone(chosen.runs);
  const runs = chosen.runs.filter(run => !isObserved(run));
  const quota = await visitorQuota(visitor);
  const ended = runs.filter(run => hasEnded(run));
  const left = Math.max(0, quota.dailyLimit - quota.runsToday);
  return (
    <PortalPage
      visitor={visitor}
      current="pipelines"
      crumbs={[{ label: 'Runs', href: '/runs' }, { label: 'Run again' }]}
    >
      <PageHeader
        title={`Run ${formatPlural(ended.length, 'run')} again?`}
        sentence="Each becomes a new run with the same parameters. It is queued until one of your workers claims it, and takes quota then."
      />
      <div className="flex flex-col gap-4">
        {tooMany && <Notice tone="warn">At most 50 runs are changed at once. These are the first 50.</Notice>}
        {ended.length > 0 && (
          <Notice tone={ended.length > left ? 'warn' : 'info'}>
            {needs(ended.length, left)}
            {ended.length > left &&
              ' What does not fit waits until quota is free again, and is given up if that takes too long.'}
          </Notice>
        )}
        {observed && <Notice tone="info">{observed}</Notice>}
        {ended.length < runs.length && (
          <Notice tone="info">{leftAlone(runs.length - ended.length, 'not ended')}</Notice>
        )}
        <ChosenTable visitor={visitor} runs={ended} />
        {ended.length > 0 && (
          <Form
            action={runAgainAction}
            customerId={visitor.membership.customerId}
            idempotencyKey={newUuid()}
            hidden={{ pipeline_logging_ids: ended.map(run => run.pipelineLoggingId).join(' ') }}
          >
            <div className="flex flex-wrap gap-2">
              <LinkButton href="/runs">Back</LinkButton>
              <SubmitButton pending="Queueing runs…">Run again</SubmitButton>
            </div>
          </Form>
        )}
      </div>
    </PortalPage>
  );
}
