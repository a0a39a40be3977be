/** The one writer of a customer's row: every change of it leaves its time, its author and its copy to be sent. */
import { and, eq } from 'drizzle-orm';
import { customersMirror } from '@/lib/domains/customers/mirror';
import { type Customer, customers } from '@/lib/domains/customers/tables';
import { actorLabel, type Ctx } from '@/lib/kernel/ctx';
import type { MirrorRef } from '@/lib/kernel/outbox';
import { type Db, db, type Tx } from '@/lib/platform/db';
import { AppError } from '@/lib/platform/errors';

export type StoredProfile = { customer: Customer; mirror: MirrorRef[] };

type NewProfile = typeof customers.$inferInsert;
/** What may change of a customer. Its id, its dataset and who opened it never do. */
export type ProfileChanges = Partial<
  Omit<NewProfile, 'customerId' | 'tenantDatasetId' | 'createdAt' | 'createdBy' | 'updatedAt' | 'updatedBy'>
>;

const missing = (): AppError => new AppError('not_found', 'There is no such organization.');

/** The customer's stored row. Throws AppError not_found. */
export async function readCustomer(customerId: string, store: Db | Tx = db()): Promise<Customer> {
  const [row] = await store.select().from(customers).where(eq(customers.customerId, customerId));
  if (!row) throw missing();
  return row;
}

/** The customer's row, held until `tx` ends; take it before the subscription's and the counter's. AppError not_found. */
export async function lockCustomer(tx: Tx, customerId: string): Promise<Customer> {
  const [row] = await tx.select().from(customers).where(eq(customers.customerId, customerId)).for('update');
  if (!row) throw missing();
  return row;
}

/** Inserts a customer's row; the caller's command enqueues `mirror`. */
export async function insertProfile(tx: Tx, profile: NewProfile): Promise<StoredProfile> {
  const [customer] = await tx.insert(customers).values(profile).returning();
  if (!customer) throw new Error('the organization was not stored');
  return { customer, mirror: [customersMirror.ref(customer)] };
}

/** Changes a customer's row, which the caller has locked, in the name of who acts; the caller enqueues `mirror`. */
export async function changeProfile(
  tx: Tx,
  ctx: Ctx,
  customerId: string,
  changes: ProfileChanges,
): Promise<StoredProfile> {
  const [customer] = await tx
    .update(customers)
    .set({ ...changes, updatedAt: ctx.clock(), updatedBy: actorLabel(ctx.actor) })
    .where(eq(customers.customerId, customerId))
    .returning();
  if (!customer) throw new Error('the organization was not stored');
  return { customer, mirror: [customersMirror.ref(customer)] };
}

/** Notes that the customer's dataset and tables are there. No part of the profile that is shown or mirrored. */
export async function noteDatasetReady(customerId: string): Promise<void> {
  await db().update(customers).set({ datasetReadyAt: new Date() }).where(eq(customers.customerId, customerId));
}

/** Notes that Stripe has this version of the profile; a later one has a later `updatedAt` and is sent by its own effect. */
export async function noteStripeCurrent({ customerId, updatedAt }: Customer): Promise<void> {
  await db()
    .update(customers)
    .set({ stripeOutdated: false })
    .where(and(eq(customers.customerId, customerId), eq(customers.updatedAt, updatedAt)));
}
