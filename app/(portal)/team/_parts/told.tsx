/** What was just done with the team, told from the rows as they are: an old address says nothing untrue. */
import { Form } from '@/app/_ui/form';
import { formatDate, formatList } from '@/app/_ui/format';
import { Notice } from '@/app/_ui/notice';
import { SubmitButton } from '@/app/_ui/submit-button';
import { nameOf } from '@/app/(portal)/team/_parts/team-page';
import { inviteAgainAction } from '@/app/(portal)/team/actions';
import { type MemberDetail, readMember, type TeamList } from '@/lib/domains/team/queries';
import { roleWords } from '@/lib/domains/team/rules';
import { type Visitor, visitorMay } from '@/lib/edge/portal/page';
import { AppError } from '@/lib/platform/errors';

export type ToldSearch = {
  done?: string;
  member?: string;
  sent?: string;
  already_member?: string;
  already_invited?: string;
};

/** "1 sent, 1 already a member. Sent: mia@example.com. Already a member: jo@example.com." */
function inviteSentence(told: ToldSearch, team: TeamList): string | null {
  const emails = new Map([...team.members, ...team.invitations].map(row => [row.member_id, row.email]));
  const groups = [
    { word: 'sent', title: 'Sent', ids: told.sent },
    { word: 'already a member', title: 'Already a member', ids: told.already_member },
    { word: 'already invited', title: 'Already invited', ids: told.already_invited },
  ].map(group => ({ ...group, emails: (group.ids ?? '').split('.').flatMap(id => emails.get(id) ?? []) }));
  const named = groups.filter(group => group.emails.length > 0);
  if (named.length === 0) return null;
  const counts = named.map(group => `${group.emails.length} ${group.word}`).join(', ');
  return [`${counts}.`, ...named.map(group => `${group.title}: ${formatList(group.emails)}.`)].join(' ');
}

/** The sentence for one member, if the row is still in the state it speaks of. */
function memberSentence(done: string, member: MemberDetail): string | null {
  const name = nameOf(member);
  const ends = member.invitation_expires_at;
  if (done === 'resent' && ends)
    return `The invitation was sent to ${member.email} again. It is good until ${formatDate(ends)}; the earlier link no longer works.`;
  if (done === 'cancelled' && member.status === 'REMOVED' && !member.joined_at)
    return `The invitation of ${member.email} was cancelled. Its link no longer works and its seat is free.`;
  if (done === 'removed' && member.status === 'REMOVED' && member.joined_at) return `${name} was removed and is out.`;
  if (member.status !== 'ACTIVE') return null;
  if (done === 'role') return `${name} is ${roleWords[member.role]} now.`;
  if (done === 'owner' && member.role === 'OWNER') return `${name} is Owner now, and you are Admin.`;
  return null;
}

async function memberOf(visitor: Visitor, id: string | undefined): Promise<MemberDetail | null> {
  if (!id) return null;
  return readMember(visitor.ctx, id).catch(error => {
    if (error instanceof AppError && error.code === 'not_found') return null;
    throw error;
  });
}

export async function Told({ visitor, team, told }: { visitor: Visitor; team: TeamList; told: ToldSearch }) {
  const invited = inviteSentence(told, team);
  if (invited)
    return (
      <Notice tone={told.sent ? 'ok' : 'info'} closable>
        {invited}
      </Notice>
    );
  const member = told.done ? await memberOf(visitor, told.member) : null;
  const sentence = member && told.done ? memberSentence(told.done, member) : null;
  if (!member || !sentence) return null;
  const undoable = told.done === 'cancelled' && visitorMay(visitor, 'team:write');
  return (
    <Notice tone="ok" closable action={undoable && <InviteAgain visitor={visitor} memberId={member.member_id} />}>
      {sentence}
    </Notice>
  );
}

const InviteAgain = ({ visitor, memberId }: { visitor: Visitor; memberId: string }) => (
  <Form
    action={inviteAgainAction}
    customerId={visitor.membership.customerId}
    hidden={{ member_id: memberId }}
    className="inline-flex"
  >
    <SubmitButton variant="plain" pending="Inviting…">
      Invite again
    </SubmitButton>
  </Form>
);
