/** `cli audit …`: whether the audit log is whole, what was archived, and who was refused. */
import { command, wholeNumber } from '@/lib/cli/command';
import { callerWord } from '@/lib/domains/audit/input';
import { allRefusals, type Refusal } from '@/lib/domains/audit/refusals';
import { type AuditLogVerified, isWhole, verifyAuditLog } from '@/lib/domains/audit/verify';
import { relayDeps } from '@/lib/edge/worker/mirrors';
import { listArchives } from '@/lib/kernel/audit/audit-checkpoint';
import { systemCtx } from '@/lib/kernel/ctx';
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

const callerText = ({ actor_type, actor_id, actor_name }: Refusal): string => {
  const word = callerWord(actor_type).toLowerCase();
  return actor_type === 'api_key' ? word : `${word} ${actor_name ?? actor_id}`;
};

async function denials(days: number, asJson: boolean): Promise<number> {
  const refusals: Refusal[] = [];
  for await (const batch of allRefusals(systemCtx('cli'), { days })) refusals.push(...batch);
  if (asJson) {
    print(JSON.stringify(refusals, null, 2));
    return 0;
  }
  for (const refusal of refusals) {
    const from = (refusal.ip_prefix ?? '–').padEnd(20);
    const tried = `${String(refusal.occurrences).padStart(4)}× ${refusal.tried}`;
    print(
      `${refusal.at.toISOString()}  ${callerText(refusal).padEnd(32)} ${from} ${tried}  ${refusal.user_agent ?? ''}`,
    );
  }
  const attempts = refusals.reduce((sum, { occurrences }) => sum + occurrences, 0);
  print(`${refusals.length} rows, ${attempts} attempts in the last ${days} days`);
  return 0;
}

export const auditCommands = {
  verify: command({
    description:
      'check that no entry is missing, archived months included, and that BigQuery has the same; exit 1 when not',
    args: { customer: { type: 'string', description: 'only this customer', valueHint: 'id' } },
    run: ({ customer }) => verify(customer),
  }),
  denials: command({
    description:
      'attempts refused that belong to no organization, newest first: unknown keys, strangers, service keys, staff',
    args: {
      days: { type: 'string', description: 'how many days back, 1 to 400', default: '7' },
      json: { type: 'boolean', description: 'as JSON' },
    },
    run: ({ days, json }) => denials(wholeNumber('days', days), json),
  }),
  archives: command({ description: 'what left Postgres: month, file, when', run: archives }),
};
