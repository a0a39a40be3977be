/** Reads who a person is to a customer, from Postgres on every request, so that a removed member is out at once. */
import { and, asc, eq } from 'drizzle-orm';
import { customers } from '@/lib/domains/customers/tables';
import { teamMembers, users } from '@/lib/domains/team/tables';
import type { Role } from '@/lib/kernel/permissions';
import { type Db, db } from '@/lib/platform/db';

export type Membership = {
  memberId: string;
  customerId: string;
  companyName: string;
  tenantDatasetId: string;
  customerStatus: string;
  plan: string;
  /** Last day of the trial, yyyy-mm-dd; null when there never was one. */
  trialEndDate: string | null;
  /** When the organization will be erased; null unless its deletion was asked for. */
  deletionDueAt: Date | null;
  role: Role;
  /** Of this membership: raised with the role. */
  sessionVersion: number;
};

export type Person = {
  userId: string;
  email: string;
  fullName: string | null;
  sessionVersion: number;
  timeDisplay: string;
  /** By whose clock local times are shown; null is the browser's. */
  timeZone: string | null;
  /** True when the person has hidden the setup steps of the Overview. */
  checklistHidden: boolean;
  memberships: Membership[];
};

/** The person and their active memberships, oldest first; null when there is no such person. */
export async function readPerson(userId: string, store: Db = db()): Promise<Person | null> {
  const rows = await store
    .select({ user: users, member: teamMembers, customer: customers })
    .from(users)
    .leftJoin(teamMembers, and(eq(teamMembers.userId, users.userId), eq(teamMembers.status, 'ACTIVE')))
    .leftJoin(customers, eq(customers.customerId, teamMembers.customerId))
    .where(eq(users.userId, userId))
    .orderBy(asc(teamMembers.joinedAt), asc(teamMembers.memberId));
  const first = rows[0];
  if (!first) return null;
  const memberships = rows.flatMap(({ member, customer }) =>
    member && customer
      ? [
          {
            memberId: member.memberId,
            customerId: customer.customerId,
            companyName: customer.companyName,
            tenantDatasetId: customer.tenantDatasetId,
            customerStatus: customer.status,
            plan: customer.subscriptionPlan,
            trialEndDate: customer.trialEndDate,
            deletionDueAt: customer.deletionDueAt,
            role: member.role,
            sessionVersion: member.sessionVersion,
          },
        ]
      : [],
  );
  const { userId: id, email, fullName, sessionVersion, timeDisplay, timeZone, checklistHidden } = first.user;
  return { userId: id, email, fullName, sessionVersion, timeDisplay, timeZone, checklistHidden, memberships };
}

/** Addresses of a customer's owners and admins, for "Admins: …" lines; at most `limit`. */
export async function readAdmins(customerId: string, limit = 5, store: Db = db()): Promise<string[]> {
  const rows = await store
    .select({ name: teamMembers.fullName, email: teamMembers.email, role: teamMembers.role })
    .from(teamMembers)
    .where(and(eq(teamMembers.customerId, customerId), eq(teamMembers.status, 'ACTIVE')))
    .orderBy(asc(teamMembers.joinedAt));
  return rows
    .filter(row => row.role === 'OWNER' || row.role === 'ADMIN')
    .slice(0, limit)
    .map(row => row.name ?? row.email);
}
