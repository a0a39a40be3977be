/** Jobs of prices. */
import { workOnReprices } from '@/lib/domains/traces/prices/reprice/work-on-reprice';
import { defineJob } from '@/lib/kernel/jobs';

export const repriceTracesJob = defineJob({
  name: 'model_price.reprice_traces',
  schedule: '* * * * *',
  description:
    'Goes on with recalculating costs of AI usage where the process that began it ended, or BigQuery was away.',
  run: ctx => workOnReprices({ clock: ctx.clock }),
});
