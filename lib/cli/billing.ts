/** `cli billing …`: what Stripe told us and what became of it; asks Stripe anew, and compares both sides. */
import '@/lib/edge/worker/mirrors';
import { parseArgs } from 'node:util';
import { replayEvent } from '@/lib/domains/subscriptions/sync/event-replay';
import { syncSubscription } from '@/lib/domains/subscriptions/sync/fetch';
import { openFlags } from '@/lib/domains/subscriptions/sync/flags';
import { type ListedEvent, listEvents } from '@/lib/domains/subscriptions/sync/inbox';
import { reconcileBilling } from '@/lib/domains/subscriptions/sync/reconcile';
import { systemCtx } from '@/lib/kernel/ctx';
import { db } from '@/lib/platform/db';

const usage = `Usage: billing <command>

  events [--dead] [--limit n]         events of Stripe, newest first
  replay <event id>… | --dead         puts events back in line; a worker processes them
  sync <subscription id of Stripe>    takes over what Stripe says of it now
  flags                               what does not add up and needs a person
  reconcile [--dry-run] [--all]       compares both sides and repairs ours; --all: also what ended long ago`;

const print = (line: string) => process.stdout.write(`${line}\n`);

function printEvent(event: ListedEvent): void {
  const about = event.stripeSubscriptionId ?? event.stripeInvoiceId ?? event.stripeCustomerId ?? '';
  const next = event.status === 'waiting' ? `next ${event.nextAttemptAt.toISOString()}` : '';
  print(
    `${event.eventId}  ${event.receivedAt.toISOString()}  ${event.status.padEnd(7)} ${event.type.padEnd(36)} ${about}  attempts ${event.attempts} ${next}`.trimEnd(),
  );
  if (event.lastError) print(`    ${event.lastError.split('\n')[0]}`);
}

async function events(values: { dead?: boolean; limit?: string }): Promise<number> {
  const limit = Number(values.limit ?? 50);
  if (!Number.isInteger(limit) || limit < 1) throw new Error('--limit takes a whole number from 1.');
  const rows = await listEvents({ ...(values.dead ? { status: 'dead' } : {}), limit });
  if (rows.length === 0) print(values.dead ? 'No event was given up.' : 'No event.');
  rows.forEach(printEvent);
  return 0;
}

async function replay(ids: string[], dead: boolean): Promise<number> {
  if (dead === ids.length > 0) throw new Error('Name events, or say --dead.');
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

async function reconcile(values: { 'dry-run'?: boolean; all?: boolean }): Promise<number> {
  const report = await reconcileBilling({ dryRun: values['dry-run'] ?? false, all: values.all ?? false });
  print(JSON.stringify(report, null, 2));
  return report.failed > 0 || report.missing > 0 ? 1 : 0;
}

/** Runs one billing command. Exit codes: 0 well, 1 something is missing or failed, 2 wrong usage. */
export async function billingCommand(args: string[]): Promise<number> {
  const { positionals, values } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      dead: { type: 'boolean' },
      limit: { type: 'string' },
      'dry-run': { type: 'boolean' },
      all: { type: 'boolean' },
    },
  });
  const [name, ...rest] = positionals;
  if (name === 'events' && rest.length === 0) return events(values);
  if (name === 'replay') return replay(rest, values.dead ?? false);
  if (name === 'sync' && rest[0] && rest.length === 1) return sync(rest[0]);
  if (name === 'flags' && rest.length === 0) return flags();
  if (name === 'reconcile' && rest.length === 0) return reconcile(values);
  process.stderr.write(`${usage}\n`);
  return 2;
}
