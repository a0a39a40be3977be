/** Asks before runs are cancelled: queued ones end at once, the workers of running ones are told. */
import { ConfirmForm } from '@/app/_ui/confirm-dialog';
import { formatPlural } from '@/app/_ui/format';
import { Notice } from '@/app/_ui/notice';
import { PageHeader } from '@/app/_ui/page-header';
import { PortalPage } from '@/app/(portal)/_shell/portal-page';
import { pageTitle } from '@/app/(portal)/_shell/visitor';
import {
  type ChosenProps,
  ChosenTable,
  chosenRuns,
  isObserved,
  leftAlone,
  observedAlone,
} from '@/app/(portal)/runs/_parts/chosen';
import { cancelRunsAction } from '@/app/(portal)/runs/actions';
import { hasEnded } from '@/lib/domains/runs/rules';

export const generateMetadata = () => pageTitle('Cancel runs');

export default async function CancelRunsPage(props: ChosenProps) {
  const chosen = await chosenRuns(props, 'run.cancel', 'Only owners, admins and collaborators can cancel runs.');
  if ('refused' in chosen) return chosen.refused;
  const { visitor, tooMany } = chosen;
  const observed = observedAlone(chosen.runs);
  const runs = chosen.runs.filter(run => !isObserved(run));
  const open = runs.filter(run => !hasEnded(run));
  return (
    <PortalPage visitor={visitor} current="pipelines" crumbs={[{ label: 'Runs', href: '/runs' }, { label: 'Cancel' }]}>
      <PageHeader title={`Cancel ${formatPlural(open.length, 'run')}?`} />
      <div className="flex flex-col gap-4">
        {tooMany && <Notice tone="warn">At most 50 runs are changed at once. These are the first 50.</Notice>}
        {observed && <Notice tone="info">{observed}</Notice>}
        {open.length < runs.length && (
          <Notice tone="info">{leftAlone(runs.length - open.length, 'ended already')}</Notice>
        )}
        <ChosenTable visitor={visitor} runs={open} />
        {open.length > 0 && (
          <ConfirmForm
            action={cancelRunsAction}
            customerId={visitor.membership.customerId}
            hidden={{ pipeline_logging_ids: open.map(run => run.pipelineLoggingId).join(' ') }}
            confirmLabel={open.length === 1 ? 'Cancel run' : 'Cancel runs'}
            pending="Cancelling…"
            cancelHref="/runs"
            cancelLabel="Keep"
          >
            <p>
              A queued run ends at once and takes no quota. A running one is told with its next report or heartbeat; its
              worker ends it, and the quota it took stays taken.
            </p>
          </ConfirmForm>
        )}
      </div>
    </PortalPage>
  );
}
