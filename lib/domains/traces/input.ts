/** What callers send of AI traces beside the records themselves, and how long they want them kept. */
import { z } from 'zod';
import { retentionDays } from '@/lib/domains/traces/rules';

/** For records that name no repository: `owner/name`, or its address. */
export const takeTracesInput = z.strictObject({
  repo: z
    .string()
    .min(1)
    .max(500)
    .optional()
    .meta({ description: 'Repository of records that name none, as owner/name.', example: 'acme/shop' }),
});

const { least, most } = retentionDays;
const days = z.coerce
  .number('Give a whole number of days.')
  .int('Give a whole number of days.')
  .min(least, `At least ${least} days.`)
  .max(most, `At most ${most} days.`);

/** `keep_days`: null, or an empty field of a form, keeps rows for ever. */
export const retentionInput = z.strictObject({
  keep_days: z.preprocess(value => (typeof value === 'string' && value.trim() === '' ? null : value), days.nullable()),
});
