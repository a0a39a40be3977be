/** A query to paste that shows the latest rows of a table. Pure. */
import type { TableDetail } from '@/lib/domains/events/schema-reads/read-table';

const mostColumns = 12;
/** Columns of the way an event took, which seldom are what is asked about. */
const ofTheWay = /^(context_|uuid_ts$|loaded_at$|sent_at$|original_timestamp$)/;

type Named = Pick<TableDetail, 'dataset' | 'name'> & { columns: readonly { name: string }[] };

/** Yesterday's and today's rows from the view without repeats; the filter keeps it to two partitions. */
export function tableQuery(projectId: string, { dataset, name, columns }: Named): string {
  const own = columns.map(column => column.name).filter(column => column !== 'received_at' && !ofTheWay.test(column));
  const chosen = ['received_at', ...own.slice(0, mostColumns - 1)];
  return [
    `SELECT ${chosen.map(column => `\`${column}\``).join(', ')}`,
    `FROM \`${projectId}.${dataset}.${name}_view\``,
    'WHERE received_at >= TIMESTAMP_SUB(CURRENT_TIMESTAMP(), INTERVAL 1 DAY)',
    'ORDER BY received_at DESC',
    'LIMIT 100',
  ].join('\n');
}
