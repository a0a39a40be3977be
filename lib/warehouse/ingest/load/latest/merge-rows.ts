/** A batch for a table of latest rows where nothing may be made, not even a stage: folded, and merged from parameters in slices. */
import { BigQueryStatementError } from '@/lib/platform/bigquery/bigquery';
import { runJob } from '@/lib/platform/bigquery/bigquery-job';
import { LoadRefusedError } from '@/lib/platform/bigquery/load-job';
import { linesOf } from '@/lib/warehouse/ingest/evolve/flat-row';
import type { Prepared } from '@/lib/warehouse/ingest/evolve/prepared';
import type { LoadContext } from '@/lib/warehouse/ingest/load/deps';
import { type FoldedRows, foldRows, timeColumn } from '@/lib/warehouse/ingest/load/latest/fold';
import { mergeSql, rowsSource } from '@/lib/warehouse/ingest/load/latest/merge-sql';
import { withLoadedAt } from '@/lib/warehouse/ingest/load/loaded-at';
import type { Manifest } from '@/lib/warehouse/ingest/load/manifest';
import type { SendPlan } from '@/lib/warehouse/ingest/load/send-plan';

/** Rows of one statement and bytes of their text: the service takes requests of 10 MB. */
const most = { rows: 2_000, bytes: 4_000_000 };

function slicesOf(ndjson: string): string[][] {
  const slices: string[][] = [];
  let bytes = Number.POSITIVE_INFINITY;
  for (const line of linesOf(ndjson)) {
    const size = Buffer.byteLength(line);
    const slice = slices.at(-1);
    if (!slice || slice.length >= most.rows || bytes + size > most.bytes) {
      slices.push([line]);
      bytes = size;
    } else {
      slice.push(line);
      bytes += size;
    }
  }
  return slices;
}

async function merge(
  { bigquery }: LoadContext,
  manifest: Manifest,
  { prepared, folded, slices }: { prepared: Prepared; folded: FoldedRows; slices: readonly string[][] },
): Promise<void> {
  const named = new Set([...folded.columns, 'id', timeColumn, 'loaded_at']);
  const { fields } = withLoadedAt({ ...prepared, ndjson: '' }, manifest.startedAt);
  const columns = fields.filter(({ name }) => named.has(name));
  const since = [...folded.older.values()].map(name => ({ name, type: 'TIMESTAMP' }));
  const sql = mergeSql(manifest, rowsSource([...columns, ...since]), columns, folded.older);
  for (const [index, slice] of slices.entries()) {
    const { ndjson } = withLoadedAt({ fields, ndjson: `${slice.join('\n')}\n` }, manifest.startedAt);
    const parameters = { rows: { type: 'ARRAY<STRING>' as const, value: [...linesOf(ndjson)] } };
    const job = { jobId: manifest.jobIds[index] ?? '', name: 'ingest/merge', sql, parameters };
    await runJob(job, bigquery).catch((error: unknown) => {
      if (error instanceof BigQueryStatementError) throw new LoadRefusedError(error.message, error.reason, null);
      throw error;
    });
  }
}

/** Repeated as a whole it changes nothing more, so that the fate of the last statement is that of the load. */
export function planMergeRows(prepared: Prepared): SendPlan {
  const folded = foldRows(prepared.ndjson);
  const slices = slicesOf(folded.ndjson);
  return {
    carriage: { sink: 'load_job', steps: slices.map((_, index) => `merge_${index}`), loadJobs: 0 },
    linesAreSpooled: false,
    send: (context, manifest) => merge(context, manifest, { prepared, folded, slices }),
  };
}
