/** One run: how it stands, why it failed, its steps and checks, what it was given, what it cost, and what happened when. */
import { listParams } from '@/app/_ui/list-params';
import { ErrorState } from '@/app/_ui/states';
import { FreshnessNote } from '@/app/(portal)/_charts/freshness-note';
import { runHref } from '@/app/(portal)/_runs/run-links';
import { LiveRefresh } from '@/app/(portal)/_shell/live-refresh';
import { PortalPage } from '@/app/(portal)/_shell/portal-page';
import { pageTitle } from '@/app/(portal)/_shell/visitor';
import { ChangeDone } from '@/app/(portal)/runs/_parts/change-done';
import { ChecksCard } from '@/app/(portal)/runs/[id]/_parts/checks-card';
import { CompareCard } from '@/app/(portal)/runs/[id]/_parts/compare-card';
import { FailureCard } from '@/app/(portal)/runs/[id]/_parts/failure-card';
import { OrchestratorCard } from '@/app/(portal)/runs/[id]/_parts/orchestrator-card';
import { type RunRead, type RunSearch, readRunPage } from '@/app/(portal)/runs/[id]/_parts/read-run';
import { ChargeCard, EventsCard, ParametersCard } from '@/app/(portal)/runs/[id]/_parts/run-facts';
import { RunHeader, RunSummary } from '@/app/(portal)/runs/[id]/_parts/run-summary';
import { StepsCard } from '@/app/(portal)/runs/[id]/_parts/steps-card';
import { hasEnded } from '@/lib/domains/runs/rules';
import { readAdmins } from '@/lib/domains/team/membership';
import { landing } from '@/lib/edge/portal/landing';
import { requireMember, visitorMay } from '@/lib/edge/portal/page';

export const generateMetadata = () => pageTitle('Run');

type Props = {
  params: Promise<{ id: string }>;
  searchParams: Promise<Record<string, string | string[] | undefined>>;
};

export default async function RunPage({ params, searchParams }: Props) {
  const visitor = await requireMember();
  const { ctx } = visitor;
  const search = listParams(await searchParams) as RunSearch;
  const mayAct = visitorMay(visitor, 'runs:write');
  const read = await readRunPage(ctx, (await params).id, search);
  const viewOnly = mayAct ? undefined : { admins: await readAdmins(visitor.membership.customerId) };
  const now = ctx.clock();
  const { run, names, config } = read;
  return (
    <PortalPage
      visitor={visitor}
      current="pipelines"
      crumbs={[{ label: 'Runs', href: '/runs' }, { label: run.pipelineLoggingId.slice(0, 8) }]}
    >
      <RunHeader run={run} mayAct={mayAct} viewOnly={viewOnly} />
      <div className="flex flex-col gap-4">
        <ChangeDone done={(await landing()).done} />
        {!hasEnded(run) && <Live id={run.pipelineLoggingId} now={now} />}
        <RunSummary run={run} now={now} />
        <Parts read={read} search={search} now={now} requestId={ctx.requestId} />
        <div className="grid items-start gap-4 lg:grid-cols-2">
          <ParametersCard run={run} />
          <div className="flex flex-col gap-4">
            <ChargeCard run={run} names={names} config={config} />
            <OrchestratorCard run={run} late={read.late} />
          </div>
        </div>
        <EventsCard run={run} names={names} parts={read.parts.ok ? read.parts.data : null} />
      </div>
    </PortalPage>
  );
}

/** Without scripts the page is asked for again by hand. */
const Live = ({ id, now }: { id: string; now: Date }) => (
  <>
    <LiveRefresh drawnAtMs={now.getTime()} />
    <noscript>
      <a className="link" href={runHref(id)}>
        Refresh
      </a>
    </noscript>
  </>
);

type PartsProps = { read: RunRead; search: RunSearch; now: Date; requestId: string };

function Parts({ read: { run, names, parts, comparison }, search, now, requestId }: PartsProps) {
  const compared = comparison && <CompareCard run={run} comparison={comparison} requestId={requestId} />;
  if (!parts.ok)
    return (
      <>
        <FailureCard run={run} steps={[]} checks={[]} names={names} />
        {compared}
        <ErrorState
          title="Could not load steps and checks."
          retryHref={runHref(run.pipelineLoggingId)}
          requestId={requestId}
        >
          {parts.reason}
        </ErrorState>
      </>
    );
  const { steps, checks, histories } = parts.data;
  const ages = [steps.age, checks.age].flatMap(age => (age ? [{ ok: true, data: age } as const] : []));
  return (
    <>
      <FreshnessNote cards={ages} />
      {!search.steps_after && <FailureCard run={run} steps={steps.rows} checks={checks.rows} names={names} />}
      {compared}
      <StepsCard run={run} steps={steps} now={now} isLaterPage={Boolean(search.steps_after)} />
      <ChecksCard run={run} checks={checks} histories={histories} isLaterPage={Boolean(search.checks_after)} />
    </>
  );
}
