/** Reads of the team for pages and the API: lists from BigQuery with changes on their way laid over them, seats from Postgres. */
import { and, eq, inArray } from 'drizzle-orm';
import { z } from 'zod';
import { apiKeys } from '@/lib/domains/keys/tables';
import { memberId } from '@/lib/domains/team/input';
import { teamMembersMirror } from '@/lib/domains/team/mirror';
import { readSeats, type Seats } from '@/lib/domains/team/seats';
import { teamMembers } from '@/lib/domains/team/tables';
import { type MemberView, viewOf } from '@/lib/domains/team/view';
import { authorise } from '@/lib/kernel/command';
import { type Ctx, requireCustomer } from '@/lib/kernel/ctx';
import { roles } from '@/lib/kernel/permissions';
import { outbox } from '@/lib/kernel/tables';
import { db } from '@/lib/platform/db';
import { AppError } from '@/lib/platform/errors';
import { defineQuery } from '@/lib/warehouse/query/define-query';
import { customerTeamMembersRow } from '@/lib/warehouse/rows/customers';

const memberRow = customerTeamMembersRow
  .pick({
    member_id: true,
    email: true,
    full_name: true,
    status: true,
    invited_by: true,
    invitation_expires_at: true,
    joined_at: true,
    last_login_at: true,
    updated_at: true,
  })
  .extend({ role: z.enum(roles) });

/** Active members, longest first. Source: docs/spec/requirements.md, C-07. */
const memberRows = defineQuery({
  name: 'team.list_members',
  permission: 'team:read',
  sql: 'team/list-members.sql',
  params: z.strictObject({}),
  row: memberRow,
});

/** Invitations nobody has accepted, expired ones too. */
const invitationRows = defineQuery({
  name: 'team.list_invitations',
  permission: 'team:read',
  sql: 'team/list-invitations.sql',
  params: z.strictObject({}),
  row: memberRow,
});

export type ListedMember = MemberView & {
  /** True while BigQuery has not got the row's last change; the row is then Postgres'. */
  updating: boolean;
};

export type TeamList = {
  members: ListedMember[];
  /** Open ones, those that end first on top. */
  invitations: ListedMember[];
  expired: ListedMember[];
  seats: Seats;
  readAt: Date;
  stale: boolean;
  pendingSince: Date | null;
};

/** The customer's rows whose change waits for the mirror. */
async function changingMembers(customerId: string): Promise<MemberView[]> {
  const waiting = db()
    .select({ key: outbox.key })
    .from(outbox)
    .where(and(eq(outbox.mirror, teamMembersMirror.name), eq(outbox.customerId, customerId)));
  const mine = and(eq(teamMembers.customerId, customerId), inArray(teamMembers.memberId, waiting));
  return (await db().select().from(teamMembers).where(mine)).map(viewOf);
}

/** Puts changes on their way over the rows BigQuery answered. */
function overlay(rows: MemberView[], changing: MemberView[]): ListedMember[] {
  const changed = new Map(changing.map(member => [member.member_id, member]));
  const kept = rows.filter(row => !changed.has(row.member_id)).map(row => ({ ...row, updating: false }));
  const current = new Map(rows.map(row => [row.member_id, row.updated_at.getTime()]));
  const fresh = changing.map(row => ({ ...row, updating: current.get(row.member_id) !== row.updated_at.getTime() }));
  return [...kept, ...fresh];
}

const byTime =
  (of: (member: MemberView) => Date | null) =>
  (a: MemberView, b: MemberView): number =>
    (of(a)?.getTime() ?? 0) - (of(b)?.getTime() ?? 0) || a.member_id.localeCompare(b.member_id);

/** The whole team with its seats; changes on their way are shown at once. AppError forbidden, warehouse_unavailable. */
export async function listTeam(ctx: Ctx): Promise<TeamList> {
  const caller = requireCustomer(ctx);
  const [members, invitations, seats] = await Promise.all([
    memberRows(ctx, {}),
    invitationRows(ctx, {}),
    readSeats(caller),
  ]);
  const pendingSince = members.pendingSince ?? invitations.pendingSince;
  const changing = pendingSince ? await changingMembers(caller.customerId) : [];
  const all = overlay([...members.rows, ...invitations.rows], changing);
  const now = ctx.clock();
  const isOpen = (row: MemberView) => row.invitation_expires_at !== null && row.invitation_expires_at > now;
  const invited = all.filter(row => row.status === 'INVITED').sort(byTime(row => row.invitation_expires_at));
  return {
    members: all
      .filter(row => row.status === 'ACTIVE' || row.status === 'SUSPENDED')
      .sort(byTime(row => row.joined_at)),
    invitations: invited.filter(isOpen),
    expired: invited.filter(row => !isOpen(row)),
    seats,
    readAt: new Date(Math.min(members.readAt.getTime(), invitations.readAt.getTime())),
    stale: members.stale || invitations.stale,
    pendingSince,
  };
}

export type MemberDetail = MemberView & {
  /** Whether this is the caller. */
  isSelf: boolean;
  /** Whether no other owner is active. */
  isLastOwner: boolean;
  /** Working API keys that this person made. */
  workingKeys: number;
};

/** One member or invitation of the caller's customer as it is now, from Postgres: what a question must not get wrong. AppError not_found. */
export async function readMember(ctx: Ctx, id: string): Promise<MemberDetail> {
  await authorise(ctx, 'team:read', 'team.read');
  const { customerId, actor } = requireCustomer(ctx);
  const team = memberId.safeParse(id).success
    ? await db().select().from(teamMembers).where(eq(teamMembers.customerId, customerId))
    : [];
  const member = team.find(row => row.memberId === id);
  if (!member) throw new AppError('not_found', 'There is no such member.');
  const owners = team.filter(row => row.status === 'ACTIVE' && row.role === 'OWNER');
  const isSelf = actor.type === 'user' && member.userId === actor.id && member.status === 'ACTIVE';
  const isLastOwner = owners.length === 1 && owners[0]?.memberId === id;
  return { ...viewOf(member), isSelf, isLastOwner, workingKeys: await countWorkingKeys(ctx, member.email) };
}

async function countWorkingKeys(ctx: Ctx, email: string): Promise<number> {
  const now = ctx.clock();
  const rows = await db()
    .select({ expiresAt: apiKeys.expiresAt })
    .from(apiKeys)
    .where(
      and(
        eq(apiKeys.customerId, requireCustomer(ctx).customerId),
        eq(apiKeys.createdBy, email),
        eq(apiKeys.isActive, true),
      ),
    );
  return rows.filter(row => row.expiresAt === null || row.expiresAt > now).length;
}

/** The caller's own row. AppError not_found for keys. */
export async function readSelf(ctx: Ctx): Promise<MemberDetail> {
  const { customerId, actor } = requireCustomer(ctx);
  const [row] =
    actor.type === 'user'
      ? await db()
          .select({ id: teamMembers.memberId })
          .from(teamMembers)
          .where(and(eq(teamMembers.customerId, customerId), eq(teamMembers.userId, actor.id)))
      : [];
  if (!row) throw new AppError('not_found', 'Only a signed-in member has a row in the team.');
  return readMember(ctx, row.id);
}
