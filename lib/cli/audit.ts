/** `cli audit …`: whether the audit log is whole, and what was archived. */
import { command } from '@/lib/cli/command';
import { type AuditLogVerified, isWhole, verifyAuditLog } from '@/lib/domains/audit/verify';
import { relayDeps } from '@/lib/edge/worker/mirrors';
import { listArchives } from '@/lib/kernel/audit/audit-checkpoint';
import { db } from '@/lib/platform/db';

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

export const auditCommands = {
  verify: command({
    description:
      'check that no entry is missing, archived months included, and that BigQuery has the same; exit 1 when not',
    args: { customer: { type: 'string', description: 'only this customer', valueHint: 'id' } },
    run: ({ customer }) => verify(customer),
  }),
  archives: command({ description: 'what left Postgres: month, file, when', run: archives }),
};
