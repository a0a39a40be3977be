/** A process that imports files of traces in small stretches, so that a kill finds it at any step: `importer.ts <customer> <rows of a stretch> <file …>`. */
import { findSources } from '@/lib/domains/traces/files/find-sources';
import { importTraces } from '@/lib/domains/traces/files/import-traces';
import { bigquery } from '@/lib/platform/bigquery/bigquery';
import { closeDb } from '@/lib/platform/db';

const [customerId = '', rows = '', ...paths] = process.argv.slice(2);
const sources = (await Promise.all(paths.map(path => findSources(path)))).flat();
const request = {
  customerId,
  repoSlug: null,
  bigquery: bigquery(),
  threads: 1,
  stretch: { rows: Number(rows) },
};
for await (const { source, imported } of importTraces(sources, request))
  console.log(JSON.stringify({ location: source.location, ...imported }));
await closeDb();
