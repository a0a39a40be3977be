/** `npm run worker`: the mirror relay, the lease reaper, the maker of scheduled runs, the sender of messages, Stripe's events, the reader of GitHub, what orchestrators report, what machines send (its consumers and its loader) and the jobs, in one process. Any number may run. */
import type { AddressInfo } from 'node:net';
import { setPriority } from 'node:os';
import { applyDueEvents } from '@/lib/domains/lineage/apply/apply-due';
import { sweepDueRuns } from '@/lib/domains/lineage/apply/sweep';
import { lineageBacklog } from '@/lib/domains/lineage/queue';
import { collectNoted } from '@/lib/domains/notifications/collect';
import { notificationBacklog } from '@/lib/domains/notifications/queue';
import { sendDue } from '@/lib/domains/notifications/sender';
import { scheduleBacklog } from '@/lib/domains/providers/schedule/backlog';
import { makeDueRuns } from '@/lib/domains/providers/schedule/make-runs';
import { syncDueRepositories } from '@/lib/domains/pull-requests/sync/sync-due';
import { expirePendingRuns, reapOverdueLeases } from '@/lib/domains/runs/start/reaper';
import { processDue } from '@/lib/domains/subscriptions/sync/process';
import { eventBacklog } from '@/lib/domains/subscriptions/sync/queue';
import { exposeBacklogs } from '@/lib/edge/http/backlogs';
import { drainOnSignal } from '@/lib/edge/http/drain';
import { ingestLoops, ingestMoves, loaderDeps } from '@/lib/edge/worker/ingest';
import { registerAllJobs } from '@/lib/edge/worker/jobs';
import { startLoop } from '@/lib/edge/worker/loop';
import { relayDeps } from '@/lib/edge/worker/mirrors';
import { repositoriesAreRead } from '@/lib/edge/worker/repositories';
import { startJobSchedule } from '@/lib/kernel/job-schedule';
import { closeDb } from '@/lib/platform/db';
import { EnvironmentError, env } from '@/lib/platform/env';
import { HealthProblem, standardChecks, startHealthServer } from '@/lib/platform/http/health';
import { log } from '@/lib/platform/log';
import { startLoader } from '@/lib/warehouse/ingest/load/loader';
import { type Relay, startRelay } from '@/lib/warehouse/mirror/relay';
import { mirrorStatus, oldestSeconds } from '@/lib/warehouse/mirror/status';

/** What is too frequent for a scheduled job. */
const loops: { name: string; everyMs: number; run: (signal: AbortSignal) => Promise<unknown> }[] = [
  { name: 'reap overdue leases', everyMs: 5_000, run: () => reapOverdueLeases() },
  { name: 'cancel runs that nobody claimed', everyMs: 5_000, run: () => expirePendingRuns() },
  { name: 'make runs of schedules', everyMs: 1_000, run: signal => makeDueRuns({ signal }) },
  { name: 'collect notes for messages', everyMs: 1_000, run: signal => collectNoted({ signal }) },
  { name: 'send messages', everyMs: 1_000, run: signal => sendDue({ signal }) },
  { name: 'process events of Stripe', everyMs: 500, run: signal => processDue({ signal }) },
  { name: 'read repositories of GitHub', everyMs: 2_000, run: signal => syncDueRepositories({ signal }) },
  { name: 'apply lineage events', everyMs: 500, run: signal => applyDueEvents({ signal }) },
  { name: 'look at runs of orchestrators', everyMs: 1_000, run: signal => sweepDueRuns({ signal }) },
  ...ingestLoops,
];
/** A mirror, Stripe's events or those of orchestrators further behind than this, or messages and schedules due for longer, are reported as a problem. */
const lateSeconds = 60;

/** A table that waits for its budget is not late; how long that may be is in docs/scale.md. */
async function mirrorIsCurrent(relay: Relay): Promise<string> {
  const status = await mirrorStatus();
  const waiting = status.reduce((sum, mirror) => sum + mirror.waiting, 0);
  const dead = status.reduce((sum, mirror) => sum + mirror.dead, 0);
  const oldest = Math.round(oldestSeconds(status));
  const late = Math.round(relay.lateSeconds());
  const message = `${waiting} changes wait, the oldest for ${oldest} s, the most overdue by ${late} s; ${dead} set aside`;
  if (late > lateSeconds) throw new HealthProblem(message);
  return message;
}

/** Messages that have been due for longer than lateSeconds mean that nobody sends them. */
async function messagesAreSent(): Promise<string> {
  const backlog = await notificationBacklog();
  const late = Math.round(backlog.lateSeconds);
  const message = `${backlog.waiting} messages wait, the most late for ${late} s; ${backlog.dead} given up`;
  if (late > lateSeconds) throw new HealthProblem(message);
  return message;
}

/** Plans do not move while Stripe's events wait; one that was given up is for staff. */
async function billingIsCurrent(): Promise<string> {
  const backlog = await eventBacklog();
  const behind = Math.round(backlog.oldestSeconds);
  const message = `${backlog.waiting} events of Stripe wait, the oldest for ${behind} s; ${backlog.dead} given up`;
  if (behind > lateSeconds) throw new HealthProblem(message);
  return message;
}

/** A config that is due for longer than lateSeconds means that nobody makes runs of schedules. */
async function schedulesAreKept(): Promise<string> {
  const backlog = await scheduleBacklog();
  const late = Math.round(backlog.lateSeconds);
  const message = `${backlog.due} schedules are due, the most late for ${late} s`;
  if (late > lateSeconds) throw new HealthProblem(message);
  return message;
}

/** Runs of orchestrators are not seen while their events wait; one that was given up is for staff. */
async function lineageIsApplied(): Promise<string> {
  const backlog = await lineageBacklog();
  const late = Math.round(backlog.lateSeconds);
  const message = `${backlog.waiting} lineage events wait, the most late for ${late} s; ${backlog.dead} given up`;
  if (late > lateSeconds) throw new HealthProblem(message);
  return message;
}

async function work(): Promise<void> {
  const { HOST } = env();
  // Where it shares a machine with the portal, whoever waits for an answer goes first.
  setPriority(10);
  exposeBacklogs();
  registerAllJobs();
  const relay = startRelay(relayDeps());
  const loader = startLoader(loaderDeps());
  const schedule = startJobSchedule({ dropOthers: true });
  const stopping = new AbortController();
  const started = loops.map(loop => startLoop(loop.name, loop.everyMs, () => loop.run(stopping.signal)));
  const server = await startHealthServer({
    ...standardChecks,
    mirror: { essential: false, check: () => mirrorIsCurrent(relay) },
    messages: { essential: false, check: messagesAreSent },
    schedules: { essential: false, check: schedulesAreKept },
    billing: { essential: false, check: billingIsCurrent },
    events: { essential: false, check: ingestMoves },
    lineage: { essential: false, check: lineageIsApplied },
    repositories: { essential: false, check: repositoriesAreRead },
  });
  log().info({ host: HOST, port: (server.address() as AddressInfo).port }, 'worker started');
  drainOnSignal(async () => {
    stopping.abort();
    await Promise.all([relay.stop(), loader.stop(), schedule.stop(), ...started.map(loop => loop.stop())]);
    server.close();
    server.closeAllConnections();
    await closeDb();
  });
}

try {
  await work();
} catch (error) {
  if (error instanceof EnvironmentError) process.stderr.write(`${error.message}\n`);
  else log().fatal({ err: error }, 'the worker could not start');
  process.exit(1);
}
