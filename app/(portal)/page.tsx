/** Overview: is anything wrong, how much of the plan is used, what ran last. */
import { PageHeader } from '@/app/_ui/page-header';
import { FreshnessNote } from '@/app/(portal)/_charts/freshness-note';
import { AllRunsChart } from '@/app/(portal)/_overview/all-runs-chart';
import { AttentionCard } from '@/app/(portal)/_overview/attention-card';
import { Figures } from '@/app/(portal)/_overview/figures';
import { LatestRuns } from '@/app/(portal)/_overview/latest-runs';
import { type OverviewData, readOverview } from '@/app/(portal)/_overview/read-overview';
import { Setup } from '@/app/(portal)/_overview/setup';
import { NoRuns } from '@/app/(portal)/_runs/no-runs';
import { PortalPage } from '@/app/(portal)/_shell/portal-page';
import { pageTitle, timeMode } from '@/app/(portal)/_shell/visitor';
import { requireMember } from '@/lib/edge/portal/page';

export const generateMetadata = () => pageTitle('Overview');

const chartDays = 30;

/** True before the organization's first run; unknown counts as no. */
function neverRan({ quota, latest }: OverviewData): boolean {
  return quota.runsMonth === 0 && latest.ok && latest.data.rows.length === 0;
}

export default async function OverviewPage() {
  const visitor = await requireMember();
  const data = await readOverview(visitor, chartDays);
  const { quota, history, recent, latest, keys, failing, tables, credentials, attention } = data;
  return (
    <PortalPage visitor={visitor} current="overview">
      <PageHeader title="Overview" sentence="How much of the plan is used, what failed, what needs attention." />
      <div className="flex flex-col gap-4">
        <Setup visitor={visitor} />
        <FreshnessNote cards={[history, recent, latest, keys, failing, tables, credentials]} />
        <div className="grid gap-4 lg:grid-cols-[minmax(0,3fr)_minmax(0,2fr)]">
          <Figures quota={quota} recent={recent} />
          <AttentionCard
            items={attention}
            missing={[
              ...(credentials.ok ? [] : ['credentials']),
              ...(keys.ok ? [] : ['API keys']),
              ...(failing.ok ? [] : ['failed runs']),
              ...(tables.ok ? [] : ['data quality']),
            ]}
          />
        </div>
        {neverRan(data) ? (
          <NoRuns visitor={visitor} />
        ) : (
          <>
            <AllRunsChart history={history} period={`last ${chartDays} days`} />
            <LatestRuns runs={latest} now={quota.asOf} mode={timeMode(visitor)} />
          </>
        )}
      </div>
    </PortalPage>
  );
}
