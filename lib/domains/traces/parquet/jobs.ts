/** Scheduled work on Parquet files of AI traces. */
import { archiveParquet } from '@/lib/domains/traces/parquet/archive-parquet';
import { archiveAfterDays } from '@/lib/domains/traces/rules';
import { defineJob } from '@/lib/kernel/jobs';

/** Source: docs/spec/requirements.md, T-42. */
export const archiveParquetJob = defineJob({
  name: 'traces.archive_parquet',
  schedule: '40 3 * * *',
  description: 'Moves Parquet files of AI traces of days older than 90 days to the archive.',
  run: ctx => archiveParquet({ clock: ctx.clock, olderThanDays: archiveAfterDays }),
});
