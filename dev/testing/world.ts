/** A customer of its own for each test, with a member of every role. */

import type { Customer } from '@/lib/domains/customers/tables';
import { insertCustomer } from '@/lib/domains/organizations/create';
import type { PlanName } from '@/lib/domains/subscriptions/rules';
import type { Subscription } from '@/lib/domains/subscriptions/tables';
import { teamMembersMirror } from '@/lib/domains/team/mirror';
import { teamMembers, users } from '@/lib/domains/team/tables';
import { registerAllMirrors } from '@/lib/edge/worker/mirrors';
import { type CustomerCtx, requireCustomer, systemCtx } from '@/lib/kernel/ctx';
import { enqueue } from '@/lib/kernel/outbox';
import { type Role, roles } from '@/lib/kernel/permissions';
import { systemClock } from '@/lib/platform/clock';
import { db, type Tx } from '@/lib/platform/db';
import { newId, newUuid, randomText } from '@/lib/platform/ids';

// Erasing a customer asks every mirror for its rows.
registerAllMirrors();

export type WorldMember = { memberId: string; userId: string; email: string; role: Role };

export type World = {
  customerId: string;
  tenantDatasetId: string;
  customer: Customer;
  subscription: Subscription;
  members: Record<Role, WorldMember>;
  /** Context of the member with that role. */
  as: (role: Role) => CustomerCtx;
  system: CustomerCtx;
};

async function insertUser(tx: Tx, email: string, fullName: string): Promise<string> {
  const userId = newId('usr');
  await tx.insert(users).values({ userId, email, fullName });
  return userId;
}

async function insertMember(tx: Tx, customerId: string, role: Role, email: string): Promise<WorldMember> {
  const userId = await insertUser(tx, email, `${role} Person`);
  const memberId = newId('mem');
  const [row] = await tx
    .insert(teamMembers)
    .values({
      memberId,
      customerId,
      userId,
      email,
      role,
      status: 'ACTIVE',
      fullName: `${role} Person`,
      joinedAt: new Date(),
    })
    .returning();
  if (row) await enqueue(tx, [teamMembersMirror.ref(row)]);
  return { memberId, userId, email, role };
}

/** Creates the customer; `plan` defaults to STARTER, in trial. */
export async function createWorld(
  options: { plan?: PlanName; companyName?: string; emails?: Partial<Record<Role, string>> } = {},
): Promise<World> {
  const tag = randomText(8);
  const email = (role: Role) => options.emails?.[role] ?? `${role.toLowerCase()}-${tag}@example.com`;
  return db().transaction(async tx => {
    const ownerUserId = await insertUser(tx, email('OWNER'), 'OWNER Person');
    const { customer, subscription, owner, mirror } = await insertCustomer(tx, {
      companyName: options.companyName ?? `World ${tag}`,
      plan: options.plan ?? 'STARTER',
      owner: { userId: ownerUserId, email: email('OWNER'), fullName: 'OWNER Person' },
      createdBy: email('OWNER'),
      createdAt: new Date(),
    });
    await enqueue(tx, mirror);
    const members = {
      OWNER: { memberId: owner.memberId, userId: ownerUserId, email: email('OWNER'), role: 'OWNER' },
    } as Record<Role, WorldMember>;
    for (const role of roles) {
      if (role !== 'OWNER') members[role] = await insertMember(tx, customer.customerId, role, email(role));
    }
    const scope = { customerId: customer.customerId, tenantDatasetId: customer.tenantDatasetId };
    const as = (role: Role): CustomerCtx => ({
      ...scope,
      actor: { type: 'user', id: members[role].userId, email: members[role].email, role },
      requestId: newUuid(),
      ipPrefix: '203.0.113.0/24',
      userAgent: 'vitest',
      clock: systemClock,
    });
    return { ...scope, customer, subscription, members, as, system: requireCustomer(systemCtx('test', scope)) };
  });
}
