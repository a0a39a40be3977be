/** Reads of the team for pages and the API: lists from BigQuery with changes on their way laid over them, seats from Postgres. */
import { and, eq } from 'drizzle-orm';
import { z } from 'zod';
import { apiKeys } from '@/lib/domains/keys/tables';
import { memberId } from '@/lib/domains/team/input';
import { teamMembersMirror } from '@/lib/domains/team/mirror';
import { readSeats, type Seats } from '@/lib/domains/team/seats';
import { type TeamMember, teamMembers } from '@/lib/domains/team/tables';
import { type MemberView, viewOf } from '@/lib/domains/team/view';
import { authorise } from '@/lib/kernel/command';
import { type Ctx, requireCustomer } from '@/lib/kernel/ctx';
import { roles } from '@/lib/kernel/permissions';
import { db } from '@/lib/platform/db';
import { AppError } from '@/lib/platform/errors';
import { changedRows } from '@/lib/warehouse/query/changed-rows';
import { defineQuery } from '@/lib/warehouse/query/define-query';
import { ascending, overlayOf } from '@/lib/warehouse/query/overlay';
import { olderOf, type RowsAge } from '@/lib/warehouse/query/rows-age';
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

type MemberRow = z.output<typeof memberRow>;

const statusesShown = { members: ['ACTIVE', 'SUSPENDED'], invitations: ['INVITED'] } as const;

/** Changes of the team laid over one of its lists, which `firstBy` orders. */
const changedMembers = (list: keyof typeof statusesShown, firstBy: (row: MemberRow) => Date | null) =>
  overlayOf({
    mirrors: [teamMembersMirror.name],
    read: changedRows(teamMembers, {
      key: teamMembers.memberId,
      customer: teamMembers.customerId,
      changedAt: teamMembers.updatedAt,
    }),
    sourceKey: (member: TeamMember) => member.memberId,
    rowOf: (member): MemberRow | null =>
      statusesShown[list].some(status => status === member.status)
        ? memberRow.strip().parse(teamMembersMirror.toRow(member))
        : null,
    rowKey: row => row.member_id,
    compare: (a, b) => ascending(firstBy(a), firstBy(b)) || ascending(a.member_id, b.member_id),
    isSame: (copy, now) => copy.updated_at.getTime() === now.updated_at.getTime(),
  });

/** Active members, longest first. Source: docs/spec/requirements.md, C-07. */
const memberRows = defineQuery({
  name: 'team.list_members',
  permission: 'team:read',
  sql: 'team/list-members.sql',
  params: z.strictObject({}),
  row: memberRow,
  overlay: changedMembers('members', row => row.joined_at),
});

/** Invitations nobody has accepted, expired ones too. */
const invitationRows = defineQuery({
  name: 'team.list_invitations',
  permission: 'team:read',
  sql: 'team/list-invitations.sql',
  params: z.strictObject({}),
  row: memberRow,
  overlay: changedMembers('invitations', row => row.invitation_expires_at),
});

export type ListedMember = MemberView & {
  /** True while BigQuery has not got the row's last change; the row is then Postgres'. */
  updating: boolean;
};

export type TeamList = RowsAge & {
  members: ListedMember[];
  /** Open ones, those that end first on top. */
  invitations: ListedMember[];
  expired: ListedMember[];
  seats: Seats;
};

/** The whole team with its seats; changes on their way are shown at once. AppError forbidden, warehouse_unavailable. */
export async function listTeam(ctx: Ctx): Promise<TeamList> {
  const caller = requireCustomer(ctx);
  const [members, invitations, seats] = await Promise.all([
    memberRows(ctx, {}),
    invitationRows(ctx, {}),
    readSeats(caller),
  ]);
  const marked = ({ rows, updating }: typeof members): ListedMember[] =>
    rows.map(row => ({ ...row, updating: updating.has(row.member_id) }));
  const now = ctx.clock();
  const isOpen = (row: MemberView) => row.invitation_expires_at !== null && row.invitation_expires_at > now;
  const invited = marked(invitations);
  const { state, readAt, pendingSince } = olderOf(members, invitations);
  return {
    state,
    readAt,
    pendingSince,
    members: marked(members),
    invitations: invited.filter(isOpen),
    expired: invited.filter(row => !isOpen(row)),
    seats,
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
