/** Puts messages into the outbox of notifications, in the transaction of what they tell of. Source: issue People, 6. */
import { and, eq, inArray, sql } from 'drizzle-orm';
import { customers } from '@/lib/domains/customers/tables';
import {
  type ChannelName,
  channelNames,
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
        /** Made by sealSecret before the transaction; the mail shows it, Postgres never does. */
        secret?: SealedSecret;
      };
    }[PersonEventName];

/** Messages one address may be sent in 24 hours; the rest is suppressed, news of one's own access apart. */
export const mailsPerAddressAndDay = 50;
const uncapped: readonly EventName[] = ['role_changed', 'member_removed', 'deletion_requested', 'deletion_withdrawn'];
const dayMs = 86_400_000;
export const turnedOff = 'The person has turned this off.';
const tooMany = `More than ${mailsPerAddressAndDay} messages to this address in 24 hours.`;

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

/** Of these addresses those that got their share of the last 24 hours already. */
async function fullInboxes(tx: Tx, recipients: Recipient[], at: Date): Promise<Set<string>> {
  const since = new Date(at.getTime() - dayMs);
  const rows = await tx
    .select({ recipient: notifications.recipient })
    .from(notifications)
    .where(
      and(
        inArray(
          notifications.recipient,
          recipients.map(person => person.email),
        ),
        sql`${notifications.createdAt} > ${since}`,
        sql`${notifications.status} <> 'suppressed'`,
      ),
    )
    .groupBy(notifications.recipient)
    .having(sql`count(*) >= ${mailsPerAddressAndDay}`);
  return new Set(rows.map(row => row.recipient));
}

/** Who is reached on which channel: the named person by mail, else the members the event is for on every channel. */
async function reachedBy(tx: Tx, input: NotifyInput): Promise<{ channel: ChannelName; recipients: Recipient[] }[]> {
  if ('to' in input) {
    const { email, userId } = input.to;
    return [{ channel: 'mail', recipients: [{ email: email.toLowerCase(), userId, wants: true }] }];
  }
  return Promise.all(
    channelNames.map(async channel => ({
      channel,
      recipients: await membersWanting(tx, input.customerId, input.event, channel),
    })),
  );
}

/**
 * Queues one message for each person and channel of an event; answers how many will be sent. The same event about the
 * same subject is queued once for a person, whoever calls again. Turned off ones are kept as suppressed.
 */
export async function notify(tx: Tx, input: NotifyInput): Promise<number> {
  const { event, customerId, at } = input;
  const definition = events[event];
  const data = definition.data.parse(input.data);
  // The union of all `subject` functions takes the intersection of their data; `data` is of this event's own schema.
  const subject = (definition.subject as (data: unknown) => string)(data);
  const companyName = await companyNameOf(tx, customerId);
  const secret = 'secret' in input ? input.secret : undefined;
  const common = { customerId, event, subject, companyName, data, nextAttemptAt: at, createdAt: at };
  let queued = 0;
  for (const { channel, recipients } of await reachedBy(tx, input)) {
    if (recipients.length === 0) continue;
    const full = uncapped.includes(event) ? new Set<string>() : await fullInboxes(tx, recipients, at);
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

/** Takes back messages that are not out yet, such as the mail of a cancelled invitation; answers how many. */
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
        eq(notifications.status, 'queued'),
      ),
    );
  return taken.rowCount ?? 0;
}
