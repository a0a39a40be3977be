/** The Overview's figures: what the counter in Postgres says now, and what BigQuery counted over seven days. */
import { formatCount, formatDay, formatDuration } from '@/app/_ui/format';
import { Meter } from '@/app/_ui/meter';
import { Figure } from '@/app/(portal)/_charts/figure';
import type { Quota } from '@/lib/domains/quotas/read-quota';
import type { RecentCounts } from '@/lib/domains/runs/reads/recent';
import type { CardData } from '@/lib/edge/portal/page-card';

type Props = { quota: Quota; recent: CardData<{ counts: RecentCounts }> };

export function Figures({ quota, recent }: Props) {
  const counts = recent.ok ? recent.data.counts : null;
  const wait = formatDuration(quota.resetsAt.getTime() - quota.asOf.getTime());
  return (
    <section className="card grid grid-cols-2 content-start gap-x-6 gap-y-5 p-4" aria-label="Figures">
      <Meter
        size="metric"
        label="Runs today"
        kind="refuse"
        used={quota.runsToday}
        limit={quota.dailyLimit}
        href="/usage"
        note={`resets in ${wait} (00:00 UTC)`}
      />
      <MonthFigure quota={quota} />
      <Figure
        label="Failed, 7 days"
        value={counts && formatCount(counts.runsFailed)}
        note={counts ? `of ${formatCount(counts.runs)} runs` : <Retry />}
        link={{ href: '/usage?days=7', says: 'failed runs, show by day' }}
      />
      <Figure
        label="Checks failed, 7 days"
        value={counts && formatCount(counts.checksFailed)}
        note={counts ? `of ${formatCount(counts.checks)} checks` : <Retry />}
      />
    </section>
  );
}

function MonthFigure({ quota }: { quota: Quota }) {
  const note = `since ${formatDay(`${quota.day.slice(0, 7)}-01`)}`;
  if (quota.monthlyLimit === null)
    return (
      <Figure
        label="Runs this month"
        value={formatCount(quota.runsMonth)}
        note={note}
        link={{ href: '/usage', says: 'runs, show usage' }}
      />
    );
  return (
    <Meter
      size="metric"
      label="Runs this month"
      kind="refuse"
      used={quota.runsMonth}
      limit={quota.monthlyLimit}
      href="/usage"
      note={note}
    />
  );
}

const Retry = () => (
  <>
    Could not load.{' '}
    <a className="link" href="/">
      Try again
    </a>
  </>
);
