/** `cli notifications …`: messages to people that are waiting or were given up, and another try for them. */
import { command, WrongUse, wholeNumber } from '@/lib/cli/command';
import { type ListedNotification, listNotifications, retryNotification } from '@/lib/domains/notifications/outbox';
import { type NotificationStatus, notificationStatuses } from '@/lib/domains/notifications/tables';
import { systemCtx } from '@/lib/kernel/ctx';

const print = (line: string) => process.stdout.write(`${line}\n`);

function printRow(row: ListedNotification): void {
  const when = row.status === 'queued' ? `next ${row.nextAttemptAt.toISOString()}` : '';
  print(
    `${row.notificationId}  ${row.createdAt.toISOString()}  ${row.status.padEnd(10)} ${row.event.padEnd(18)} ${row.recipient}  attempts ${row.attempts} ${when}`.trimEnd(),
  );
  if (row.lastError) print(`    ${row.lastError.split('\n')[0]}`);
}

type Filter = { status: NotificationStatus | undefined; customerId: string | undefined; limit: number };

async function list(filter: Filter): Promise<number> {
  const rows = await listNotifications(filter);
  if (rows.length === 0) print('No message.');
  rows.forEach(printRow);
  return 0;
}

/** The context in whose customer's audit log the retry is written. */
const ctxFor = (row: { customerId: string }) => ({ ...systemCtx('cli'), customerId: row.customerId });

async function retry(ids: string[], all: boolean): Promise<number> {
  if (all === ids.length > 0) throw new WrongUse('Name messages, or say --all.');
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

export const notificationsCommands = {
  list: command({
    description: 'messages, newest first',
    args: {
      failed: { type: 'boolean', description: 'only those that were given up' },
      status: { type: 'enum', options: [...notificationStatuses], description: 'only those in this state' },
      customer: { type: 'string', description: 'only those of this customer', valueHint: 'id' },
      limit: { type: 'string', description: 'how many', default: '50' },
    },
    run: ({ failed, status, customer, limit }) =>
      list({ status: failed ? 'failed' : status, customerId: customer, limit: wholeNumber('limit', limit) }),
  }),
  retry: command({
    description: 'put messages that were given up back in line; a worker sends them',
    args: {
      message: { type: 'positional', required: false, several: true, description: 'ids of the messages' },
      all: { type: 'boolean', description: 'all that were given up' },
    },
    run: ({ message, all }) => retry(message, all),
  }),
};
