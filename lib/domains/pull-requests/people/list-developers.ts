/** Developers that sent requests to AI models lately, as sessions name them. */
import { z } from 'zod';
import { machinesWrite } from '@/lib/domains/traces/usage/usage';
import { bindDays, usageDays } from '@/lib/domains/traces/usage/usage-filter';
import type { Ctx } from '@/lib/kernel/ctx';
import { utcDayInput } from '@/lib/kernel/input';
import { defineQuery } from '@/lib/warehouse/query/define-query';

/** UTC days up to today whose developers are looked at. */
export const peopleDays = 90;

const developerRow = z.strictObject({
  developer_id: z.string(),
  requests: z.int(),
  book_cost_usd: z.number(),
  unpriced: z.int(),
  last_at: z.date(),
});
export type AiDeveloper = z.output<typeof developerRow>;

const developerRows = defineQuery({
  name: 'identity.list_developers',
  permission: 'pull-requests:read',
  sql: 'pull-requests/list-developers.sql',
  withoutOverlay: machinesWrite,
  params: z.strictObject({ from: utcDayInput, to: utcDayInput }),
  bind: bindDays,
  row: developerRow,
});

/** Developers of the last peopleDays days, at most 5,000, those whose requests cost most first. AppError forbidden, warehouse_unavailable. */
export const listAiDevelopers = (ctx: Ctx) => developerRows(ctx, usageDays(ctx, { days: peopleDays }));
