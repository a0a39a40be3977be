/** What the service refuses of rows in a stream and the local BigQuery takes, in the service's words. */
import type { protos } from '@google-cloud/bigquery-storage';
import type { Column } from '@/dev/doubles/warehouse/load-check';

type Request = protos.google.cloud.bigquery.storage.v1.IAppendRowsRequest;
type Refusal = protos.google.cloud.bigquery.storage.v1.IAppendRowsResponse;

const invalidArgument = 3;
/** Largest request that the service takes. */
const mostBytes = 10_000_000;

const [double, int64, int32, bool, string, bytes] = [1, 3, 5, 8, 9, 12];
/** Types of a message's field that a column takes, by the names that the REST API has for the column. */
const taken: Record<string, readonly number[]> = {
  STRING: [string],
  JSON: [string],
  DATETIME: [string, int64],
  TIME: [string, int64],
  NUMERIC: [string, int64, int32, double],
  BIGNUMERIC: [string, int64, int32, double],
  INTEGER: [int64, int32],
  INT64: [int64, int32],
  FLOAT: [double],
  FLOAT64: [double],
  BOOLEAN: [bool],
  BOOL: [bool],
  TIMESTAMP: [int64, int32],
  DATE: [int32, int64, string],
  BYTES: [bytes],
};

const refused = (message: string): Refusal => ({ error: { code: invalidArgument, message } });

function refusedFields(request: Request, columns: readonly Column[]): Refusal | null {
  const types = new Map(columns.map(({ name, type }) => [name.toLowerCase(), type]));
  for (const { name, type } of request.protoRows?.writerSchema?.protoDescriptor?.field ?? []) {
    const column = types.get((name ?? '').toLowerCase());
    if (column === undefined)
      return refused(`Input schema has more fields than BigQuery schema, extra fields: '${name}'`);
    if (!taken[column]?.includes(Number(type)))
      return refused(`The proto field mismatched with BigQuery field at row.${name}, the field type is ${column}`);
  }
  return null;
}

/** Why the service refuses these rows; null where it takes them. A row that names `poison` it never takes. */
export function refusedAppend(request: Request, columns: readonly Column[], poison: string | null): Refusal | null {
  const rows = request.protoRows?.rows?.serializedRows ?? [];
  const size = rows.reduce((sum, row) => sum + row.length, 0);
  if (size > mostBytes) return refused(`Message length exceeds allowed size: ${size}`);
  const fields = refusedFields(request, columns);
  if (fields || poison === null) return fields;
  const index = rows.findIndex(row => Buffer.from(row).includes(poison.replaceAll('"', '')));
  if (index < 0) return null;
  return {
    ...refused('Errors found while processing rows. Please refer to the row_errors field for details.'),
    rowErrors: [{ index, code: 'FIELDS_ERROR', message: 'Internal error of this row.' }],
  };
}
