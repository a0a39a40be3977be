/** What callers send of AI traces beside the records themselves. */
import { z } from 'zod';

/** For records that name no repository: `owner/name`, or its address. */
export const takeTracesInput = z.strictObject({
  repo: z
    .string()
    .min(1)
    .max(500)
    .optional()
    .meta({ description: 'Repository of records that name none, as owner/name.', example: 'acme/shop' }),
});
