/** Inviting people, sending an invitation again, cancelling it. Source: docs/architecture.md, Team; docs/ui.md, Team. */
import { spentAllowances } from '@/lib/domains/notifications/allowance';
import { invitationInput, inviteInput } from '@/lib/domains/team/input';
import { requireWithinDailyInvitations } from '@/lib/domains/team/invitations/daily-invitations';
import type { InvitationToken } from '@/lib/domains/team/invitations/invitation-token';
import { teamMembersMirror } from '@/lib/domains/team/mirror';
import {
  notifyInvited,
  type PreparedInvitation,
  prepareInvitation,
  tooOften,
  untellInvited,
} from '@/lib/domains/team/notifications';
import { lockRoster, memberOf, type Roster, requireOwnerFor, updateMember } from '@/lib/domains/team/roster';
import { invitationExpiry, invitationState, seatsShort } from '@/lib/domains/team/rules';
import { noFreeSeat, requireFreeSeat } from '@/lib/domains/team/seats';
import { type TeamMember, teamMembers } from '@/lib/domains/team/tables';
import { auditViewOf, type MemberView, viewOf } from '@/lib/domains/team/view';
import { appendAudit } from '@/lib/kernel/audit/audit';
import { type Change, defineCommand } from '@/lib/kernel/command';
import { actorLabel, type Ctx, requireCustomer } from '@/lib/kernel/ctx';
import { requireMayGiveRole } from '@/lib/kernel/grants';
import type { Role } from '@/lib/kernel/permissions';
import type { Tx } from '@/lib/platform/db';
import { AppError } from '@/lib/platform/errors';
import { newId } from '@/lib/platform/ids';

/** rate_limited: the address had all its invitations of the day. */
export const inviteStatuses = ['sent', 'already_member', 'already_invited', 'no_seat', 'rate_limited'] as const;
export type InviteStatus = (typeof inviteStatuses)[number];

export type InviteResult = {
  email: string;
  status: InviteStatus;
  /** The invitation or member that stands for this address; null where there is none. */
  member_id: string | null;
  invitation_expires_at: Date | null;
};

export type InviteAnswer = {
  results: InviteResult[];
  /** Seats after it. */
  seats: { used: number; limit: number };
};

type Decision = { email: string; status: InviteStatus; known: TeamMember | undefined };

/** What becomes of each address: the first ones get the free seats; those in `spent` can be written to no more today. */
function decide(roster: Roster, emails: string[], spent: Set<string>, now: Date): Decision[] {
  let free = Math.max(0, roster.seats.limit - roster.seats.used);
  return emails.map(email => {
    const known = roster.members.find(member => member.email === email);
    if (known && known.status !== 'REMOVED' && known.status !== 'INVITED')
      return { email, known, status: 'already_member' };
    if (known && invitationState(known, now) === 'open') return { email, known, status: 'already_invited' };
    if (spent.has(email)) return { email, known, status: 'rate_limited' };
    if (free === 0) return { email, known, status: 'no_seat' };
    free -= 1;
    return { email, known, status: 'sent' };
  });
}

/** Throws where the caller asked for all or nobody, or where nobody at all can be invited. */
function requireSeatsFor(roster: Roster, decisions: Decision[], whenShort: 'send_what_fits' | 'refuse'): void {
  const count = (status: InviteStatus) => decisions.filter(item => item.status === status).length;
  const [sent, short] = [count('sent'), count('no_seat')];
  if (short === 0) return;
  if (sent === 0) throw noFreeSeat(roster.seats, { results: decisions.map(item => resultOf(item, item.known)) });
  if (whenShort === 'send_what_fits') return;
  const message = seatsShort(sent + short, sent);
  throw new AppError('invalid_input', message, { fields: [{ path: 'emails', message }] });
}

/** Throws AppError rate_limited where nobody is invited because the addresses had all their invitations of the day. */
function requireSomeoneToTell(decisions: Decision[]): void {
  const refused = decisions.filter(item => item.status === 'rate_limited');
  if (refused.length === 0 || decisions.some(item => item.status === 'sent')) return;
  const results = decisions.map(item => resultOf(item, item.known));
  throw tooOften(
    refused.map(item => item.email),
    { results },
  );
}

const resultOf = ({ email, status }: Decision, row: TeamMember | undefined): InviteResult => ({
  email,
  status,
  member_id: status === 'no_seat' || status === 'rate_limited' ? null : (row?.memberId ?? null),
  invitation_expires_at: row?.status === 'INVITED' ? row.invitationExpiresAt : null,
});

/** The columns of an invitation that begins now; a removed person starts anew on their old row. */
function invitationColumns(ctx: Ctx, token: InvitationToken): Partial<TeamMember> {
  const now = ctx.clock();
  return {
    status: 'INVITED',
    userId: null,
    invitedBy: actorLabel(ctx.actor),
    invitationTokenHash: token.hash,
    invitationExpiresAt: invitationExpiry(now),
    joinedAt: null,
    removedAt: null,
    removedBy: null,
    removalReason: null,
    updatedAt: now,
  };
}

type Invited = { known: TeamMember | undefined; row: TeamMember };

async function store(tx: Tx, ctx: Ctx, decision: Decision, role: Role, token: InvitationToken): Promise<Invited> {
  const { known, email } = decision;
  const columns = invitationColumns(ctx, token);
  if (known) return { known, row: await updateMember(tx, ctx, known.memberId, { ...columns, role }) };
  const now = ctx.clock();
  const [row] = await tx
    .insert(teamMembers)
    .values({
      ...columns,
      memberId: newId('mem'),
      customerId: requireCustomer(ctx).customerId,
      email,
      role,
      status: 'INVITED',
      invitedAt: now,
      createdAt: now,
    })
    .returning();
  if (!row) throw new Error('the invitation was not stored');
  return { known, row };
}

const changeOf = ({ known, row }: Invited) => ({
  target: { type: 'member', id: row.memberId },
  before: known ? auditViewOf(known) : null,
  after: auditViewOf(row),
});

/** One audit row an address; the command itself writes the last one's. */
async function auditAllButLast(tx: Tx, ctx: Ctx, invited: Invited[]): Promise<void> {
  for (const item of invited.slice(0, -1)) {
    const { target, before, after } = changeOf(item);
    const where = { targetType: target.type, targetId: target.id };
    await appendAudit(tx, ctx, { action: 'team.invite', outcome: 'ok', ...where, before, after });
  }
}

/**
 * Invites one or many addresses in one transaction, with a mail to each; answers what became of each address. AppError
 * forbidden (owners are made by owners), insufficient_scope (a key gives no more than it has), conflict where no seat is free, invalid_input where `when_short` is refuse and
 * not all fit, rate_limited beyond the day's invitations or where no address can be written to. Source: docs/spec/requirements.md, C-20 to C-22.
 */
export const inviteMembers = defineCommand({
  name: 'team.invite',
  permission: 'team:write',
  input: inviteInput,
  prepare: ({ ctx, input }) => Promise.all(input.emails.map(() => prepareInvitation(ctx))),
  run: async ({ ctx, tx, input, prepared }): Promise<Change<InviteAnswer>> => {
    const roster = await lockRoster(tx, ctx, 'team:write');
    requireOwnerFor(roster, input.role);
    requireMayGiveRole(ctx, input.role);
    const mails = { event: 'invitation', customerId: roster.customerId, at: ctx.clock() } as const;
    const spent = await spentAllowances(tx, mails, input.emails);
    const decisions = decide(roster, input.emails, spent, mails.at);
    requireSeatsFor(roster, decisions, input.when_short);
    requireSomeoneToTell(decisions);
    const invited: Invited[] = [];
    const results: InviteResult[] = [];
    await requireWithinDailyInvitations(tx, ctx, decisions.filter(item => item.status === 'sent').length);
    for (const [index, decision] of decisions.entries()) {
      const ready = prepared[index];
      if (decision.status !== 'sent' || !ready) {
        results.push(resultOf(decision, decision.known));
        continue;
      }
      const stored = await store(tx, ctx, decision, input.role, ready.token);
      await notifyInvited(tx, ctx, roster.self, stored.row, ready);
      invited.push(stored);
      results.push(resultOf(decision, stored.row));
    }
    const seats = { used: roster.seats.used + invited.length, limit: roster.seats.limit };
    const last = invited.at(-1);
    if (!last) return { result: { results, seats }, unchanged: true };
    await auditAllButLast(tx, ctx, invited);
    return {
      result: { results, seats },
      ...changeOf(last),
      mirror: invited.map(item => teamMembersMirror.ref(item.row)),
    };
  },
});

/**
 * Sends an open or expired invitation again: a new link, 7 more days; the old link ends. AppError not_found, conflict,
 * rate_limited beyond the day's invitations, of the organization or to this address.
 */
export const resendInvitation = defineCommand({
  name: 'team.resend_invitation',
  permission: 'team:write',
  input: invitationInput,
  prepare: ({ ctx }): Promise<PreparedInvitation> => prepareInvitation(ctx),
  run: async ({ ctx, tx, input, prepared }): Promise<Change<MemberView>> => {
    const roster = await lockRoster(tx, ctx, 'team:write');
    const known = memberOf(roster, input.member_id, 'INVITED', 'ACTIVE', 'SUSPENDED');
    if (known.status !== 'INVITED') throw joinedAlready();
    requireOwnerFor(roster, known.role);
    requireMayGiveRole(ctx, known.role);
    if (invitationState(known, ctx.clock()) === 'expired') requireFreeSeat(roster.seats);
    await requireWithinDailyInvitations(tx, ctx, 1);
    const row = await updateMember(tx, ctx, known.memberId, {
      invitationTokenHash: prepared.token.hash,
      invitationExpiresAt: invitationExpiry(ctx.clock()),
    });
    await notifyInvited(tx, ctx, roster.self, row, prepared);
    return { result: viewOf(row), ...changeOf({ known, row }), mirror: [teamMembersMirror.ref(row)] };
  },
});

const joinedAlready = () => new AppError('conflict', 'This person has joined already. Remove them as a member.');

/** Cancels an invitation: its link ends and its seat is free. Cancelling again changes nothing. AppError not_found, conflict. */
export const cancelInvitation = defineCommand({
  name: 'team.cancel_invitation',
  permission: 'team:write',
  input: invitationInput,
  run: async ({ ctx, tx, input }): Promise<Change<MemberView>> => {
    const roster = await lockRoster(tx, ctx, 'team:write');
    const known = memberOf(roster, input.member_id, 'INVITED', 'REMOVED', 'ACTIVE', 'SUSPENDED');
    if (known.status === 'REMOVED') return { result: viewOf(known), unchanged: true };
    if (known.status !== 'INVITED') throw joinedAlready();
    requireOwnerFor(roster, known.role);
    const row = await updateMember(tx, ctx, known.memberId, {
      status: 'REMOVED',
      removedAt: ctx.clock(),
      removedBy: actorLabel(ctx.actor),
      removalReason: 'Invitation cancelled',
    });
    await untellInvited(tx, row);
    return { result: viewOf(row), ...changeOf({ known, row }), mirror: [teamMembersMirror.ref(row)] };
  },
});
