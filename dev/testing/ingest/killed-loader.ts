/** A process for the tests that loads what waits of a dataset and dies of SIGKILL at the point named: `<dataset> <sink> <point>`. */
import { testDefinition } from '@/dev/testing/ingest/datasets';
import { bigquery } from '@/lib/platform/bigquery/bigquery';
import { loadOnce } from '@/lib/warehouse/ingest/load/loader';
import type { Sink } from '@/lib/warehouse/ingest/load/sink';

const [dataset = '', sink, point = ''] = process.argv.slice(2);
const die = async () => {
  process.kill(process.pid, 'SIGKILL');
  await new Promise(() => undefined);
};
await loadOnce(
  { bigquery: bigquery(), definitions: [testDefinition()], sink: sink as Sink, hooks: { [point]: die } },
  { datasets: [dataset] },
);
