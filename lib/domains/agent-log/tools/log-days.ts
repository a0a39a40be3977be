/** The UTC days that reads of the agent log cover; each day is a partition that BigQuery reads. */
import { z } from 'zod';
import { retentionDays } from '@/lib/domains/agent-log/rules';
import type { Ctx } from '@/lib/kernel/ctx';
import { utcDayInput } from '@/lib/kernel/input';
import type { QueryParameters } from '@/lib/platform/bigquery/bigquery-values';
import { addDays, utcDay } from '@/lib/platform/clock';

/** Lengths in UTC days that pages offer; all end today. */
export const logLengths = [7, 30, 90] as const;

/** Later than any event or snapshot, in milliseconds since 1970. */
export const endOfTimeMs = Date.parse('9999-12-31T00:00:00Z');

/** Why changes on their way are not laid over rows of the agent log. */
export const agentsWrite = 'Agents send these rows and a loader writes them; no person changes them.';

export const logDayFields = {
  days: z.coerce.number().pipe(z.literal(logLengths)).optional(),
  /** First and last UTC day, both included; they win over `days`. */
  from: utcDayInput.optional(),
  to: utcDayInput.optional(),
};
export const nameField = z.string().trim().min(1).max(256).optional();
export const dayParams = { from: utcDayInput, to: utcDayInput };

export type LogDays = { from: string; to: string };
type Asked = { days?: number | undefined; from?: string | undefined; to?: string | undefined };

/** The days that are asked for, at most as many as events are kept; the last 30 where none are named. */
export function logDays({ clock }: Pick<Ctx, 'clock'>, { days = 30, from, to }: Asked): LogDays {
  const last = to ?? utcDay(clock());
  const first = from ?? addDays(last, 1 - days);
  const earliest = addDays(last, -retentionDays);
  const isKept = Date.parse(first) >= Date.parse(earliest);
  return { from: isKept ? first : earliest, to: last };
}

const startOf = (day: string) => ({ type: 'TIMESTAMP' as const, value: new Date(`${day}T00:00:00Z`) });

/** Parameters of the days' start and end. */
export const bindTimes = ({ from, to }: LogDays) =>
  ({ from_time: startOf(from), to_time: startOf(addDays(to, 1)) }) satisfies QueryParameters;

/** Parameters of what is read to pair the calls of the days: starts of the day before, ends of the day after. */
export const bindReach = ({ from, to }: LogDays) =>
  ({ read_from: startOf(addDays(from, -1)), read_to: startOf(addDays(to, 2)) }) satisfies QueryParameters;

/** A text parameter; '' is any. */
export const bindText = (value: string | undefined) => ({ type: 'STRING' as const, value: value ?? '' });
