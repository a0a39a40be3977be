/** What a read of the agent log would bill on the service: see dev/bench/runs/billed-bytes.ts. */
import { leastBilled, type Period, sizeOf } from '@/dev/bench/runs/billed-bytes';
import { runStatement } from '@/lib/platform/bigquery/bigquery';
import { sqlFile } from '@/lib/platform/sql-file';
import { logsBigQuery } from '@/lib/warehouse/agent-dataset';
import { tables } from '@/lib/warehouse/rows/agent';

/** Times by which a table is partitioned; all of one without them is read. */
const partitions: Partial<Record<keyof typeof tables, string>> = { chat_events: 'event_timestamp' };

async function bytesOf(
  dataset: string,
  table: keyof typeof tables,
  code: string,
  { from, to }: Period,
): Promise<number> {
  const sizes = Object.entries(tables[table].columns)
    .filter(([name]) => new RegExp(`\\b${name}\\b`).test(code))
    .map(([name, { type }]) => sizeOf(name, type));
  const time = partitions[table];
  const days = time ? `WHERE DATE(${time}) BETWEEN '${from}' AND '${to}'` : '';
  const sql = `SELECT ${sizes.join(' + ')} AS bytes FROM \`${dataset}.${table}\` ${days}`;
  const { rows } = await runStatement({ name: 'bench/agent-bytes', sql, timeoutMs: 120_000 }, logsBigQuery());
  return Number(rows[0]?.bytes ?? 0);
}

/** Bytes that the statements read and bill, together; clustering may make it less. */
export async function agentBytes(dataset: string, files: readonly string[], period: Period) {
  const sum = { read: 0, billed: 0 };
  for (const name of files) {
    const file = sqlFile(`agent-log/${name}.sql`);
    const code = file.text.replace(/--.*$/gm, '');
    for (const table of file.tables) {
      const bytes = await bytesOf(dataset, table.replace('agent.', '') as keyof typeof tables, code, period);
      sum.read += bytes;
      sum.billed += Math.max(bytes, leastBilled);
    }
  }
  return sum;
}
