/**
 * Puts messages into the outbox of notifications, in the transaction of what they tell of.
 * Source: docs/architecture.md, Notifications.
 */
import { and, eq, inArray } from 'drizzle-orm';
import { customers } from '@/lib/domains/customers/tables';
import { spentAllowances } from '@/lib/domains/notifications/allowance';
import {
  type ChannelName,
  type EventData,
  type EventName,
  events,
  type PersonEventName,
  type RoleEventName,
} from '@/lib/domains/notifications/events';
import { membersWanting, type Recipient } from '@/lib/domains/notifications/recipients';
import { notifications } from '@/lib/domains/notifications/tables';
import { type SealedPlace, seal } from '@/lib/kernel/sealing';
import type { Tx } from '@/lib/platform/db';
import { newId } from '@/lib/platform/ids';
import type { Secret } from '@/lib/platform/log';

/** The secret of a message to be, sealed for the row that will carry it. */
export type SealedSecret = { notificationId: string; sealed: Buffer };

type Common<Name extends EventName> = {
  event: Name;
  customerId: string;
  data: EventData<Name>;
  /** When it happened, by the caller's clock. */
  at: Date;
};
/** What a domain tells people: to the members who want it, or to the one person named in `to`. */
export type NotifyInput =
  | { [Name in RoleEventName]: Common<Name> }[RoleEventName]
  | {
      [Name in PersonEventName]: Common<Name> & {
        to: { email: string; userId: string | null };
        toSlackOf?: never;
        /** Made by sealSecret before the transaction; the mail shows it, Postgres never does. */
        secret?: SealedSecret;
      };
    }[PersonEventName]
  /** To the Slack channel of a provider config. */
  | { [Name in 'config_run_failed' | 'slack_test']: Common<Name> & { toSlackOf: string; to?: never } }[
      | 'config_run_failed'
      | 'slack_test'];

export const turnedOff = 'The person has turned this off.';
const tooMany = 'This address had all its messages of this kind for 24 hours.';

/** The one place a message's secret may be opened in. */
export const secretPlace = (customerId: string, notificationId: string): SealedPlace => ({
  customerId,
  table: 'notifications',
  column: 'sealed_secret',
  id: notificationId,
});

/**
 * Seals a secret that only the message may show, such as an invitation's token. Calls KMS: do it in a command's `prepare`.
 * Throws AppError key_service_unavailable.
 */
export async function sealSecret(customerId: string, secret: Secret): Promise<SealedSecret> {
  const notificationId = newId('ntf');
  return { notificationId, sealed: await seal(secret.reveal(), secretPlace(customerId, notificationId)) };
}

async function companyNameOf(tx: Tx, customerId: string): Promise<string> {
  const [customer] = await tx
    .select({ name: customers.companyName })
    .from(customers)
    .where(eq(customers.customerId, customerId));
  if (!customer) throw new Error(`there is no customer ${customerId} to notify`);
  return customer.name;
}

/** Who is reached on which channel: the named config on Slack, the named person by mail, else the members the event is for by mail. */
async function reachedBy(tx: Tx, input: NotifyInput): Promise<{ channel: ChannelName; recipients: Recipient[] }[]> {
  if ('toSlackOf' in input && input.toSlackOf !== undefined)
    return [{ channel: 'slack', recipients: [{ email: `config:${input.toSlackOf}`, userId: null, wants: true }] }];
  if ('to' in input && input.to) {
    const { email, userId } = input.to;
    return [{ channel: 'mail', recipients: [{ email: email.toLowerCase(), userId, wants: true }] }];
  }
  const { customerId, event } = input as Common<RoleEventName>;
  return [{ channel: 'mail', recipients: await membersWanting(tx, customerId, event, 'mail') }];
}

/** The event's subject, from data that its schema has parsed: the union of all such functions takes the intersection of their data. */
const subjectOf = (event: EventName, data: unknown): string =>
  (events[event].subject as (data: unknown) => string)(data);

/** Whether an event was told about the same subject already, to whomever it reached then. */
export async function wasTold<Name extends RoleEventName>(
  tx: Tx,
  { event, customerId, data }: Pick<Common<Name>, 'event' | 'customerId' | 'data'>,
): Promise<boolean> {
  const same = and(
    eq(notifications.customerId, customerId),
    eq(notifications.event, event),
    eq(notifications.subject, subjectOf(event, data)),
  );
  const [found] = await tx.select({ id: notifications.notificationId }).from(notifications).where(same).limit(1);
  return found !== undefined;
}

/**
 * Queues one message for each person and channel of an event; answers how many will be sent. The same event about the
 * same subject is queued once for a person, whoever calls again. What is turned off or beyond the event's allowance is
 * kept as suppressed.
 */
export async function notify(tx: Tx, input: NotifyInput): Promise<number> {
  const { event, customerId, at } = input;
  const data = events[event].data.parse(input.data);
  const subject = subjectOf(event, data);
  const companyName = await companyNameOf(tx, customerId);
  const secret = 'secret' in input ? input.secret : undefined;
  const common = { customerId, event, subject, companyName, data, nextAttemptAt: at, createdAt: at };
  let queued = 0;
  for (const { channel, recipients } of await reachedBy(tx, input)) {
    if (recipients.length === 0) continue;
    const addresses = recipients.map(person => person.email);
    const full = await spentAllowances(tx, { event, customerId, at }, addresses);
    const rows = recipients.map(({ email, userId, wants }) => {
      const refusal = wants ? (full.has(email) ? tooMany : null) : turnedOff;
      return {
        ...common,
        notificationId: secret?.notificationId ?? newId('ntf'),
        recipient: email,
        userId,
        channel,
        sealedSecret: refusal ? null : (secret?.sealed ?? null),
        status: refusal ? ('suppressed' as const) : ('queued' as const),
        lastError: refusal,
      };
    });
    const stored = await tx
      .insert(notifications)
      .values(rows)
      .onConflictDoNothing()
      .returning({ status: notifications.status });
    queued += stored.filter(row => row.status === 'queued').length;
  }
  return queued;
}

/**
 * Takes back messages that are not out, such as the mail of a cancelled invitation, and wipes their secret; answers how
 * many. Given up ones too: nobody can send them again.
 */
export async function withdraw(
  tx: Tx,
  { customerId, event, recipient }: { customerId: string; event: EventName; recipient: string },
): Promise<number> {
  const taken = await tx
    .update(notifications)
    .set({ status: 'suppressed', lastError: 'It was withdrawn before it was sent.', sealedSecret: null })
    .where(
      and(
        eq(notifications.customerId, customerId),
        eq(notifications.event, event),
        eq(notifications.recipient, recipient.toLowerCase()),
        inArray(notifications.status, ['queued', 'failed']),
      ),
    );
  return taken.rowCount ?? 0;
}
