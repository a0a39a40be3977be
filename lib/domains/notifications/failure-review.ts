/** The week's failed runs by kind of error: across customers for staff, and each customer's own to those who chose it. */
import { and, count, countDistinct, desc, eq, gte, inArray, isNotNull, lt, max, min } from 'drizzle-orm';
import { customers } from '@/lib/domains/customers/tables';
import type { EventData } from '@/lib/domains/notifications/events';
import { notify } from '@/lib/domains/notifications/notify';
import { maskSecrets } from '@/lib/domains/runs/explain/mask-secrets';
import { runs } from '@/lib/domains/runs/tables';
import { addDays, type Clock, systemClock, utcDay } from '@/lib/platform/clock';
import { db } from '@/lib/platform/db';

type Scope = { clock?: Clock; customers?: string[] };
type Kind = { fingerprint: string; pattern: string; runs: number; firstSeen: Date | null; lastSeen: Date | null };
type OwnKind = Kind & { customerId: string; pipelines: number };

/** Kinds that the report for staff names, and that a customer's message names. */
const staffKinds = 20;
const mailKinds = 5;

/** The last whole week, Monday to Sunday, in UTC days. */
function lastWeek(now: Date): { from: string; to: string } {
  const today = utcDay(now);
  const monday = addDays(today, -((now.getUTCDay() + 6) % 7));
  return { from: addDays(monday, -7), to: addDays(monday, -1) };
}

async function kindsOf({ from, to }: { from: string; to: string }, only: string[] | undefined): Promise<OwnKind[]> {
  const rows = await db()
    .select({
      customerId: runs.customerId,
      fingerprint: runs.errorFingerprint,
      pattern: runs.errorPattern,
      runs: count(),
      pipelines: countDistinct(runs.pipelineId),
      firstSeen: min(runs.startTime),
      lastSeen: max(runs.startTime),
    })
    .from(runs)
    .innerJoin(customers, eq(customers.customerId, runs.customerId))
    .where(
      and(
        isNotNull(runs.errorFingerprint),
        eq(runs.status, 'FAILED'),
        gte(runs.startTime, new Date(`${from}T00:00:00Z`)),
        lt(runs.startTime, new Date(`${addDays(to, 1)}T00:00:00Z`)),
        only ? inArray(runs.customerId, only) : undefined,
      ),
    )
    .groupBy(runs.customerId, runs.errorFingerprint, runs.errorPattern)
    .orderBy(desc(count()), runs.errorFingerprint);
  return rows.map(({ fingerprint, pattern, ...row }) => ({
    ...row,
    fingerprint: fingerprint ?? '',
    pattern: maskSecrets(pattern ?? ''),
  }));
}

const sumOf = (kinds: readonly { runs: number }[]): number => kinds.reduce((sum, kind) => sum + kind.runs, 0);
const earliest = (kinds: readonly Kind[]) => kinds.map(kind => kind.firstSeen).sort((a, b) => Number(a) - Number(b))[0];
const latest = (kinds: readonly Kind[]) => kinds.map(kind => kind.lastSeen).sort((a, b) => Number(b) - Number(a))[0];

/** One row a fingerprint over all customers, the most frequent first. */
function acrossCustomers(kinds: readonly OwnKind[]) {
  return [...Map.groupBy(kinds, kind => kind.fingerprint)]
    .map(([fingerprint, same]) => ({
      fingerprint,
      pattern: same[0]?.pattern ?? '',
      runs: sumOf(same),
      customers: same.length,
      pipelines: same.reduce((sum, kind) => sum + kind.pipelines, 0),
      first_seen: earliest(same),
      last_seen: latest(same),
    }))
    .sort((a, b) => b.runs - a.runs);
}

function messageOf(kinds: readonly OwnKind[], week: { from: string; to: string }): EventData<'failure_review'> {
  return {
    ...week,
    failed: sumOf(kinds),
    kinds: kinds.length,
    top: kinds.slice(0, mailKinds).map(({ pattern, runs: failed }) => ({ pattern, runs: failed })),
  };
}

/**
 * Reviews the last whole week, and queues each customer's message once a week however often it is called; customers without
 * a failed run get none. Source: docs/spec/requirements.md, C-59.
 */
export async function reviewFailures({ clock = systemClock, customers: only }: Scope = {}) {
  const now = clock();
  const week = lastWeek(now);
  const kinds = await kindsOf(week, only);
  const byCustomer = Map.groupBy(kinds, kind => kind.customerId);
  let told = 0;
  for (const [customerId, own] of byCustomer) {
    const data = messageOf(own, week);
    told += await db().transaction(tx => notify(tx, { event: 'failure_review', customerId, at: now, data }));
  }
  const all = acrossCustomers(kinds);
  return {
    ...week,
    failed_runs: sumOf(kinds),
    customers: byCustomer.size,
    kinds: all.length,
    told,
    most_frequent: all.slice(0, staffKinds),
  };
}
