/** `cli billing …`: what Stripe told us and what became of it; asks Stripe anew, and compares both sides. */
import { command, WrongUse, wholeNumber } from '@/lib/cli/command';
import { replayEvent } from '@/lib/domains/subscriptions/sync/event-replay';
import { syncSubscription } from '@/lib/domains/subscriptions/sync/fetch';
import { openFlags } from '@/lib/domains/subscriptions/sync/flags';
import { type ListedEvent, listEvents } from '@/lib/domains/subscriptions/sync/inbox';
import { reconcileBilling } from '@/lib/domains/subscriptions/sync/reconcile';
import { systemCtx } from '@/lib/kernel/ctx';
import { db } from '@/lib/platform/db';

const print = (line: string) => process.stdout.write(`${line}\n`);

function printEvent(event: ListedEvent): void {
  const about = event.stripeSubscriptionId ?? event.stripeInvoiceId ?? event.stripeCustomerId ?? '';
  const next = event.status === 'waiting' ? `next ${event.nextAttemptAt.toISOString()}` : '';
  print(
    `${event.eventId}  ${event.receivedAt.toISOString()}  ${event.status.padEnd(7)} ${event.type.padEnd(36)} ${about}  attempts ${event.attempts} ${next}`.trimEnd(),
  );
  if (event.lastError) print(`    ${event.lastError.split('\n')[0]}`);
}

async function events(dead: boolean, limit: number): Promise<number> {
  const rows = await listEvents({ ...(dead ? { status: 'dead' } : {}), limit });
  if (rows.length === 0) print(dead ? 'No event was given up.' : 'No event.');
  rows.forEach(printEvent);
  return 0;
}

async function replay(ids: string[], dead: boolean): Promise<number> {
  if (dead === ids.length > 0) throw new WrongUse('Name events, or say --dead.');
  const wanted = dead ? (await listEvents({ status: 'dead', limit: 10_000 })).map(event => event.eventId) : ids;
  for (const eventId of wanted) {
    await replayEvent(systemCtx('cli'), { event_id: eventId });
    print(`${eventId}: back in line`);
  }
  if (wanted.length === 0) print('No event was given up.');
  return 0;
}

async function sync(id: string): Promise<number> {
  const { outcome, customerId } = await syncSubscription(id, 'reconcile', { ctx: systemCtx('cli') });
  print(`${id}: ${outcome.replaceAll('_', ' ')}${customerId ? `, customer ${customerId}` : ''}`);
  return outcome === 'gone' || outcome === 'unknown_customer' ? 1 : 0;
}

async function flags(): Promise<number> {
  const rows = await openFlags(db());
  if (rows.length === 0) print('Nothing is flagged.');
  for (const { kind, stripeId, customerId, detail, firstSeenAt } of rows)
    print(
      `${firstSeenAt.toISOString()}  ${kind.padEnd(20)} ${stripeId}  ${customerId ?? 'no customer'}\n    ${detail}`,
    );
  return 0;
}

async function reconcile(options: { dryRun: boolean; all: boolean }): Promise<number> {
  const report = await reconcileBilling(options);
  print(JSON.stringify(report, null, 2));
  return report.failed > 0 || report.missing > 0 ? 1 : 0;
}

export const billingCommands = {
  events: command({
    description: 'events of Stripe, newest first',
    args: {
      dead: { type: 'boolean', description: 'only those that were given up' },
      limit: { type: 'string', description: 'how many', default: '50' },
    },
    run: ({ dead, limit }) => events(dead, wholeNumber('limit', limit)),
  }),
  replay: command({
    description: 'put events back in line; a worker processes them',
    args: {
      event: { type: 'positional', required: false, several: true, description: 'ids of the events' },
      dead: { type: 'boolean', description: 'all that were given up' },
    },
    run: ({ event, dead }) => replay(event, dead),
  }),
  sync: command({
    description: 'take over what Stripe says of a subscription now; exit 1 where it has none, or a foreign one',
    args: { subscription: { type: 'positional', description: 'its id in Stripe' } },
    run: ({ subscription }) => sync(subscription),
  }),
  flags: command({ description: 'what does not add up and needs a person', run: flags }),
  reconcile: command({
    description: 'compare both sides and repair ours; exit 1 when something is missing or failed',
    args: {
      'dry-run': { type: 'boolean', description: 'only say what would be done' },
      all: { type: 'boolean', description: 'also what ended long ago' },
    },
    run: values => reconcile({ dryRun: values['dry-run'], all: values.all }),
  }),
};
