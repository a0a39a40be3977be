/** The Overview's figures: what the counter in Postgres says now, and what BigQuery counted over seven days. */
import { formatCount, formatDay, formatDuration, formatPlural } from '@/app/_ui/format';
import { Link } from '@/app/_ui/link';
import { Meter } from '@/app/_ui/meter';
import { Figure } from '@/app/(portal)/_charts/figure';
import { firstDayOf, runsHref } from '@/app/(portal)/_runs/run-links';
import { checksHref } from '@/app/(portal)/data-quality/_parts/quality-words';
import type { Quota } from '@/lib/domains/quotas/read-quota';
import type { RecentCounts } from '@/lib/domains/runs/reads/recent';
import type { CardData } from '@/lib/edge/portal/page-card';

type Props = { quota: Quota; recent: CardData<{ counts: RecentCounts }> };

/** "of 31 runs", which leads to them. */
const Of = ({ href, count, one }: { href: string; count: number; one: string }) => (
  <>
    of{' '}
    <Link className="link-quiet" href={href}>
      {formatPlural(count, one)}
    </Link>
  </>
);

export function Figures({ quota, recent }: Props) {
  const counts = recent.ok ? recent.data.counts : null;
  const from = firstDayOf(7, quota.day);
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
        note={counts ? <Of href={runsHref({ from })} count={counts.runs} one="run" /> : <Retry />}
        link={{ href: runsHref({ status: 'FAILED', from }), says: 'failed runs, show them' }}
      />
      <Figure
        label="Checks failed, 7 days"
        value={counts && formatCount(counts.checksFailed)}
        note={counts ? <Of href={checksHref({ from })} count={counts.checks} one="check" /> : <Retry />}
        link={{ href: checksHref({ status: 'FAIL', from }), says: 'failed checks, show them' }}
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
