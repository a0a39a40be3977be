/** `cli audit …`: whether the audit log is whole, and what was archived. */
import { parseArgs } from 'node:util';
import { type AuditLogVerified, isWhole, verifyAuditLog } from '@/lib/domains/audit/verify';
import { relayDeps } from '@/lib/edge/worker/mirrors';
import { listArchives } from '@/lib/kernel/audit/audit-checkpoint';
import { db } from '@/lib/platform/db';

const usage = `Usage: audit <command>

  verify [--customer id]   checks that no entry is missing, archived months included, and that BigQuery's copy is equal;
                           exit 1 when something is missing, changed or unlike
  archives                 what left Postgres: month, file, when`;

const shown = 20;
const print = (line: string) => process.stdout.write(`${line}\n`);

/** Prints the first lines of a list and how many more there are. */
function printSome<Item>(items: readonly Item[], line: (item: Item) => string): void {
  for (const item of items.slice(0, shown)) print(line(item));
  if (items.length > shown) print(`  and ${items.length - shown} more`);
}

function printFindings({ faults, forged, damagedFiles, lost, differences }: AuditLogVerified): void {
  printSome(faults, ({ scope, kind, from, to }) => `${scope}: ${from === to ? from : `${from} to ${to}`} ${kind}`);
  printSome(
    lost,
    entry =>
      `${entry.customer_id ?? 'no customer'}: ${entry.sequence} is only in BigQuery: ${entry.occurred_at.toISOString()} ` +
      `${entry.action} by ${entry.actor_type} ${entry.actor_id} (${entry.audit_id})`,
  );
  printSome(
    differences,
    ({ key, kind, columns }) => `${key}: ${kind}${columns.length ? ` (${columns.join(', ')})` : ''}`,
  );
  printSome(forged, archiveId => `archive ${archiveId}: its statement does not fit its seal`);
  printSome(damagedFiles, archiveId => `archive ${archiveId}: its file is gone or was changed`);
}

async function verify(customerId: string | undefined): Promise<number> {
  const log = await verifyAuditLog(relayDeps(), customerId ?? null);
  printFindings(log);
  const whole = isWhole(log);
  const archived = log.archives.length > 0 ? `, ${log.archives.length} archived months among them` : '';
  print(
    `${log.rows} entries in ${log.scopes} sequences${archived}; ${log.bigqueryRows} in BigQuery: ` +
      (whole ? 'nothing is missing' : 'not whole'),
  );
  return whole ? 0 : 1;
}

async function archives(): Promise<number> {
  const all = await listArchives(db());
  for (const { archiveId, archivedAt, location } of all) {
    print(`${archiveId.padEnd(12)} ${archivedAt.toISOString()}  ${location}`);
  }
  print(`${all.length} archives`);
  return 0;
}

/** Runs one audit command. Exit codes: 0 whole, 1 something is missing or unlike, 2 wrong usage. */
export async function auditCommand(args: string[]): Promise<number> {
  const { positionals, values } = parseArgs({
    args,
    allowPositionals: true,
    options: { customer: { type: 'string' } },
  });
  const [command] = positionals;
  if (command === 'verify') return verify(values.customer);
  if (command === 'archives') return archives();
  process.stderr.write(`${usage}\n`);
  return command === undefined || command === 'help' ? 0 : 2;
}
