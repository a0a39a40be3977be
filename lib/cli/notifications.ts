/** `cli notifications …`: messages to people that are waiting or were given up, and another try for them. */
import { parseArgs } from 'node:util';
import { type ListedNotification, listNotifications, retryNotification } from '@/lib/domains/notifications/outbox';
import { type NotificationStatus, notificationStatuses } from '@/lib/domains/notifications/tables';
import { systemCtx } from '@/lib/kernel/ctx';

const usage = `Usage: notifications <command>

  list [--failed | --status s] [--customer id] [--limit n]   newest first; s is ${notificationStatuses.join(', ')}
  retry <notification id>… | --all                           puts given up messages back in line; a worker sends them`;

const print = (line: string) => process.stdout.write(`${line}\n`);

function printRow(row: ListedNotification): void {
  const when = row.status === 'queued' ? `next ${row.nextAttemptAt.toISOString()}` : '';
  print(
    `${row.notificationId}  ${row.createdAt.toISOString()}  ${row.status.padEnd(10)} ${row.event.padEnd(18)} ${row.recipient}  attempts ${row.attempts} ${when}`.trimEnd(),
  );
  if (row.lastError) print(`    ${row.lastError.split('\n')[0]}`);
}

async function list(values: { failed?: boolean; status?: string; customer?: string; limit?: string }): Promise<number> {
  const status = values.failed ? 'failed' : values.status;
  if (status !== undefined && !(notificationStatuses as readonly string[]).includes(status))
    throw new Error(`${status} is no status: ${notificationStatuses.join(', ')}.`);
  const limit = Number(values.limit ?? 50);
  if (!Number.isInteger(limit) || limit < 1) throw new Error('--limit takes a whole number from 1.');
  const rows = await listNotifications({ status: status as NotificationStatus, customerId: values.customer, limit });
  if (rows.length === 0) print('No message.');
  rows.forEach(printRow);
  return 0;
}

/** The context in whose customer's audit log the retry is written. */
const ctxFor = (row: { customerId: string }) => ({ ...systemCtx('cli'), customerId: row.customerId });

async function retry(ids: string[], all: boolean): Promise<number> {
  if (all === ids.length > 0) throw new Error('Name messages, or say --all.');
  const failed = await listNotifications({ status: 'failed', limit: 10_000 });
  const wanted = all ? failed : ids.map(id => failed.find(row => row.notificationId === id) ?? id);
  let missing = 0;
  for (const row of wanted) {
    if (typeof row === 'string') {
      missing++;
      process.stderr.write(`${row}: there is no given up message with this id.\n`);
    } else {
      await retryNotification(ctxFor(row), { notification_id: row.notificationId });
      print(`${row.notificationId}: back in line`);
    }
  }
  if (all && wanted.length === 0) print('No message was given up.');
  return missing === 0 ? 0 : 1;
}

/** Runs one notifications command. Exit codes: 0 well, 1 something is missing or failed, 2 wrong usage. */
export async function notificationsCommand(args: string[]): Promise<number> {
  const { positionals, values } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      failed: { type: 'boolean' },
      status: { type: 'string' },
      customer: { type: 'string' },
      limit: { type: 'string' },
      all: { type: 'boolean' },
    },
  });
  const [name, ...rest] = positionals;
  if (name === 'list' && rest.length === 0) return list(values);
  if (name === 'retry') return retry(rest, values.all ?? false);
  process.stderr.write(`${usage}\n`);
  return 2;
}
