/** Whose fault a refused load is: the rows', the table's shape as BigQuery sees it now, or the table itself. */
import type { LoadRefusedError } from '@/lib/platform/bigquery/load-job';

/** `shape` passes once BigQuery has seen a change of the table; `rows` never does; `table` needs a person. */
export type Fault = 'rows' | 'shape' | 'table';

const ofShape =
  /No such field|Cannot add fields|extra fields|mismatched with BigQuery field|does not match Table|has changed type|Unrecognized name|Not found: Table|Table with name \S+ does not exist/i;
const missing = new Set(['notFound', '404']);
const ofRows = new Set(['invalid', 'invalidQuery', 'outOfRange', '400', '413', 'requestTooLarge', 'resourcesExceeded']);

/** What lies behind BigQuery's answer. */
export function faultOf({ reason, message }: Pick<LoadRefusedError, 'reason' | 'message'>): Fault {
  if (missing.has(reason) || ofShape.test(message)) return 'shape';
  return ofRows.has(reason) ? 'rows' : 'table';
}
