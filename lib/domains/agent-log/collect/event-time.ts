/** Times of events and snapshots: read with their offset, bounded, and written in the one form of the log. */
import type { Problem } from '@/lib/domains/agent-log/collect/problems';
import { aheadMs, retentionDays } from '@/lib/domains/agent-log/rules';
import { readIsoTime } from '@/lib/platform/clock';

const dayMs = 86_400_000;
const hasOffset = /(?:[Zz]|[+-]\d\d:?(?:\d\d)?)$/;
const hasTimeOfDay = /^\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d/;

/** `2026-01-31T12:00:00.123000Z`: microseconds, whatever was written beyond them is cut. */
function writtenTime(ms: number, fraction: string): string {
  return `${new Date(ms).toISOString().slice(0, -1)}${fraction.slice(3, 6).padEnd(3, '0')}Z`;
}

/** Time of an item in UTC with six digits of a second, or what is wrong with it: unreadable, or more than an hour ahead. */
export function itemTime(sent: string, field: string, now: Date): { text: string; ms: number } | Problem {
  const time = hasTimeOfDay.test(sent) && hasOffset.test(sent) ? readIsoTime(sent) : null;
  if (!time || time.ms < 0) return { code: 'not_a_time', field };
  if (time.ms > now.getTime() + aheadMs) return { code: 'ahead', field };
  return { text: writtenTime(time.ms, time.fraction), ms: time.ms };
}

/** Whether BigQuery has deleted the day of this time already, as it would delete a row that comes now. */
export const isBeyondRetention = (ms: number, now: Date): boolean =>
  (Math.floor(ms / dayMs) + retentionDays) * dayMs <= now.getTime();
