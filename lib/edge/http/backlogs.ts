/** What waits in Postgres, on the /metrics of every process: changes for the mirror and what it costs, schedules, messages to people, Stripe's events, those of orchestrators, repositories of GitHub, what machines send. */
import { lineageBacklog } from '@/lib/domains/lineage/queue';
import { notificationBacklog } from '@/lib/domains/notifications/queue';
import { scheduleBacklog } from '@/lib/domains/providers/schedule/backlog';
import { repositoryBacklog } from '@/lib/domains/pull-requests/sync/backlog';
import { eventBacklog } from '@/lib/domains/subscriptions/sync/queue';
import type { Backlog } from '@/lib/kernel/queue/queue';
import { measureAtScrape } from '@/lib/platform/measurements';
import { metrics } from '@/lib/platform/metrics';
import { ingestBacklog } from '@/lib/warehouse/ingest/backlog';
import { mirrorBudget } from '@/lib/warehouse/mirror/schedule/budget-status';
import { mirrorStatus, oldestSeconds } from '@/lib/warehouse/mirror/status';

type Gauge = ReturnType<typeof metrics>['stripeEventsWaiting'];

/** Of a queue: how many items wait and were given up, and the age of the oldest waiting one. */
function measureQueue(
  [waiting, dead, oldest]: [waiting: Gauge, dead: Gauge, oldest: Gauge],
  read: () => Promise<Backlog>,
) {
  measureAtScrape({
    gauges: [waiting, dead, oldest],
    read,
    write: backlog => {
      waiting.set(backlog.waiting);
      dead.set(backlog.dead);
      oldest.set(backlog.oldestSeconds);
    },
  });
}

/** Called once at the start of each process. All processes tell the same numbers: take the maximum, not the sum. */
export function exposeBacklogs(): void {
  const gauges = metrics();
  measureAtScrape({
    gauges: [gauges.outboxDepth, gauges.outboxAgeSeconds, gauges.outboxDead],
    read: mirrorStatus,
    write: status => {
      for (const { mirror, waiting } of status) gauges.outboxDepth.set({ mirror }, waiting);
      gauges.outboxAgeSeconds.set(oldestSeconds(status));
      gauges.outboxDead.set(status.reduce((sum, { dead }) => sum + dead, 0));
    },
  });
  measureAtScrape({
    gauges: [gauges.mirrorSpendUsd, gauges.mirrorBudgetUsd, gauges.mirrorTenantsOverCourse],
    read: mirrorBudget,
    write: ({ spentUsd, budgetUsd, overCourse }) => {
      gauges.mirrorSpendUsd.set(spentUsd);
      gauges.mirrorBudgetUsd.set(budgetUsd);
      gauges.mirrorTenantsOverCourse.set(overCourse.length);
    },
  });
  measureAtScrape({
    gauges: [gauges.schedulesDue, gauges.schedulesLateSeconds],
    read: scheduleBacklog,
    write: ({ due, lateSeconds }) => {
      gauges.schedulesDue.set(due);
      gauges.schedulesLateSeconds.set(lateSeconds);
    },
  });
  measureQueue(
    [gauges.notificationsWaiting, gauges.notificationsFailed, gauges.notificationsOldestSeconds],
    notificationBacklog,
  );
  measureQueue([gauges.stripeEventsWaiting, gauges.stripeEventsDead, gauges.stripeEventsOldestSeconds], eventBacklog);
  measureQueue(
    [gauges.lineageEventsWaiting, gauges.lineageEventsDead, gauges.lineageEventsOldestSeconds],
    lineageBacklog,
  );
  measureAtScrape({
    gauges: [gauges.repositoriesDue, gauges.repositoriesLateSeconds, gauges.repositoriesFailing],
    read: repositoryBacklog,
    write: ({ due, lateSeconds, failing, refused }) => {
      gauges.repositoriesDue.set(due);
      gauges.repositoriesLateSeconds.set(lateSeconds);
      gauges.repositoriesFailing.set({ reason: 'unavailable' }, failing);
      gauges.repositoriesFailing.set({ reason: 'refused' }, refused);
    },
  });
  measureAtScrape({
    gauges: [
      gauges.ingestEntries,
      gauges.ingestEntrySeconds,
      gauges.ingestRows,
      gauges.ingestRowSeconds,
      gauges.ingestBlocked,
    ],
    read: ingestBacklog,
    write: ({ log, spool }) => {
      gauges.ingestEntries.set(log.entries);
      gauges.ingestEntrySeconds.set(log.oldestSeconds);
      gauges.ingestRows.set(spool.rows);
      gauges.ingestRowSeconds.set(spool.oldestSeconds);
      gauges.ingestBlocked.set(spool.blocked);
    },
  });
}
