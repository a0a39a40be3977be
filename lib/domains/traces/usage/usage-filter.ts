/** What the lists of AI usage are narrowed by, and the UTC days that they cover. */
import { z } from 'zod';
import type { Ctx } from '@/lib/kernel/ctx';
import { utcDayInput } from '@/lib/kernel/input';
import type { QueryParameters } from '@/lib/platform/bigquery/bigquery-values';
import { addDays, utcDay } from '@/lib/platform/clock';

/** Lengths in UTC days that pages offer; all end today. */
export const usageLengths = [7, 30, 90] as const;
/** Most UTC days that one question covers. */
export const maxUsageDays = 400;
/** Stands for rows that name nobody, as the filters and the SQL write it. */
export const noneName = '(none)';

const name = z.string().min(1).max(300).optional();
export const usageDayFields = {
  days: z.coerce.number().pipe(z.literal(usageLengths)).optional(),
  /** First and last UTC day, both included; they win over `days`. */
  from: utcDayInput.optional(),
  to: utcDayInput.optional(),
};
export const usageNameFields = { model: name, developer: name, repository: name };

export type UsageDays = { from: string; to: string };
type Asked = { days?: number | undefined; from?: string | undefined; to?: string | undefined };

/** The days that are asked for, at most maxUsageDays up to the last of them; the last 30 where none are named. */
export function usageDays({ clock }: Pick<Ctx, 'clock'>, { days = 30, from, to }: Asked): UsageDays {
  const last = to ?? utcDay(clock());
  const first = from ?? addDays(last, 1 - days);
  const earliest = addDays(last, 1 - maxUsageDays);
  return { from: utcDay(new Date(Math.max(Date.parse(first), Date.parse(earliest)))), to: last };
}

/** Parameters of both days. */
export const bindDays = ({ from, to }: UsageDays) =>
  ({ from_day: { type: 'DATE', value: from }, to_day: { type: 'DATE', value: to } }) satisfies QueryParameters;

const text = (value: string | undefined) => ({ type: 'STRING' as const, value: value ?? '' });

type Names = { model?: string | undefined; developer?: string | undefined; repository?: string | undefined };

/** Parameters of the names; '' is any. */
export const bindNames = ({ model, developer, repository }: Names) => ({
  model: text(model),
  developer: text(developer),
  repository: text(repository),
});
