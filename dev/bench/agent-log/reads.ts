/** Reads of the agent log as its pages ask for them, over a million events: cold, from the cache, and what they would bill. */
import { agentBytes } from '@/dev/bench/agent-log/billed';
import { dropMillion, eventCount, type Million, millionEvents } from '@/dev/bench/agent-log/million';
import { percentile } from '@/dev/bench/load';
import type { Line } from '@/dev/bench/report';
import type { Period } from '@/dev/bench/runs/billed-bytes';
import { listErrors, listErrorsInput } from '@/lib/domains/agent-log/errors/errors';
import { listSessions, listSessionsInput, readSession } from '@/lib/domains/agent-log/sessions/list-sessions';
import { daysOfSession, listSessionEvents } from '@/lib/domains/agent-log/sessions/session-events';
import { listSnapshots, listSnapshotsInput } from '@/lib/domains/agent-log/snapshots/snapshots';
import { listRunningTools } from '@/lib/domains/agent-log/tools/running-tools';
import { listToolDays, listTools, listToolsInput } from '@/lib/domains/agent-log/tools/tools';
import { type CustomerCtx, requireCustomer, systemCtx } from '@/lib/kernel/ctx';
import { addDays, utcDay } from '@/lib/platform/clock';
import { env } from '@/lib/platform/env';
import { clearQueryCache } from '@/lib/warehouse/query/query-cache';

const coldRounds = 10;
const cachedViews = 50;

/** `files` of sql/agent-log/ are what it asks BigQuery, about those days. */
type Read = { what: string; ask: () => Promise<unknown>; files: readonly string[]; period: Period };

function reads(ctx: CustomerCtx, { lastSession, firstSession }: Million): Read[] {
  const today = utcDay(new Date());
  const back = (days: number): Period => ({ from: addDays(today, 1 - days), to: today });
  const year = back(364);
  const session = (id: string, day: string | undefined) => async () => {
    const days = daysOfSession(ctx, day);
    return [await readSession(ctx, id, days), await listSessionEvents(ctx, { id, ...(day ? { day } : {}) })];
  };
  const toolFiles = ['list-tools', 'list-tool-days', 'list-running-tools'];
  const tools = (asked: object) => () =>
    Promise.all([listTools(ctx, listToolsInput.parse(asked)), listToolDays(ctx, asked), listRunningTools(ctx, asked)]);
  const sessions = (asked: object) => () => listSessions(ctx, listSessionsInput.parse(asked));
  return [
    { what: 'Tools, 30 days', ask: tools({}), files: toolFiles, period: back(30) },
    { what: 'Tools, a year', ask: tools(year), files: toolFiles, period: year },
    { what: 'Sessions, 30 days', ask: sessions({}), files: ['list-sessions'], period: back(30) },
    {
      what: 'Sessions, 30 days, of a user, only failed',
      ask: sessions({ q: 'user-17@', errors: '1' }),
      files: ['list-sessions'],
      period: back(30),
    },
    { what: 'Sessions, a year', ask: sessions(year), files: ['list-sessions'], period: year },
    {
      what: 'one session, its day known',
      ask: session(lastSession, today),
      files: ['list-sessions', 'list-session-events'],
      period: back(32),
    },
    {
      what: 'one session, looked for in a year',
      ask: session(firstSession, undefined),
      files: ['list-sessions', 'list-session-events'],
      period: year,
    },
    {
      what: 'Errors, 30 days',
      ask: () => listErrors(ctx, listErrorsInput.parse({})),
      files: ['list-errors'],
      period: back(30),
    },
    {
      what: 'Snapshots, 30 days',
      ask: () => listSnapshots(ctx, listSnapshotsInput.parse({})),
      files: ['list-snapshots'],
      period: back(30),
    },
  ];
}

async function timed(ask: () => Promise<unknown>): Promise<number> {
  const startedMs = performance.now();
  await ask();
  return performance.now() - startedMs;
}

async function linesOf({ what, ask, files, period }: Read, made: Million): Promise<Line[]> {
  const cold: number[] = [];
  for (let round = 0; round < coldRounds; round++) {
    clearQueryCache();
    cold.push(await timed(ask));
  }
  const cached: number[] = [];
  for (let view = 0; view < cachedViews; view++) cached.push(await timed(ask));
  const { read, billed } = await agentBytes(made.dataset, files, period);
  const megabytes = (bytes: number) => bytes / 1_048_576;
  return [
    { what: `agent log: ${what}, cold p50`, value: percentile(cold, 0.5), unit: 'ms' },
    { what: `agent log: ${what}, cold p95`, value: percentile(cold, 0.95), unit: 'ms' },
    { what: `agent log: ${what}, cached p95`, value: percentile(cached, 0.95), unit: 'ms', budget: { atMost: 100 } },
    {
      what: `agent log: ${what}, billed cold, by calculation`,
      value: megabytes(billed),
      unit: 'MB',
      ratio: `reads ${megabytes(read).toFixed(1)} MB in ${files.length} queries; cached 0`,
    },
  ];
}

/** Lines of the table; on the database of the environment and a dataset of its own. */
export async function agentReadLines(): Promise<Line[]> {
  // Cold reads ask BigQuery more often than a customer may.
  Object.assign(env(), { BIGQUERY_QUESTIONS_PER_MINUTE: 1_000_000 });
  const startedMs = performance.now();
  const made = await millionEvents();
  const seconds = (performance.now() - startedMs) / 1_000;
  console.log(`  ${eventCount.toLocaleString('en')} events in BigQuery after ${seconds.toFixed(0)} s`);
  const ctx = requireCustomer(systemCtx('bench', made));
  const lines: Line[] = [];
  try {
    for (const read of reads(ctx, made)) lines.push(...(await linesOf(read, made)));
  } finally {
    await dropMillion(made);
  }
  return lines;
}
