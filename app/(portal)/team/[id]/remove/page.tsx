/** Asks before a member is removed, and says what stays of them. */
import { redirect } from 'next/navigation';
import { LinkButton } from '@/app/_ui/button';
import { ConfirmForm } from '@/app/_ui/confirm-dialog';
import { Link } from '@/app/_ui/link';
import { PageHeader } from '@/app/_ui/page-header';
import { pageTitle } from '@/app/(portal)/_shell/visitor';
import { ownersOnlyPage } from '@/app/(portal)/team/_parts/owners-only';
import {
  type MemberPageProps,
  mayTouch,
  memberOr404,
  nameOf,
  TeamFrame,
  teamWriter,
} from '@/app/(portal)/team/_parts/team-page';
import { removeAction } from '@/app/(portal)/team/actions';
import type { MemberDetail } from '@/lib/domains/team/queries';

export const generateMetadata = () => pageTitle('Remove member');

export default async function RemoveMemberPage({ params }: MemberPageProps) {
  const writer = await teamWriter('team.remove', 'remove members');
  if ('refused' in writer) return writer.refused;
  const { visitor } = writer;
  const member = await memberOr404(visitor, (await params).id);
  if (member.isSelf) redirect('/team/leave');
  if (!mayTouch(visitor, member)) return ownersOnlyPage(visitor, 'team.remove');
  return (
    <TeamFrame visitor={visitor} crumb="Remove">
      <PageHeader title={`Remove ${nameOf(member)}?`} />
      {member.isLastOwner ? (
        <div className="flex flex-col items-start gap-4">
          <p>This is the last owner. Make someone else owner first.</p>
          <LinkButton href="/team">Back to the team</LinkButton>
        </div>
      ) : (
        <ConfirmForm
          action={removeAction}
          customerId={visitor.membership.customerId}
          hidden={{ member_id: member.member_id }}
          confirmLabel="Remove member"
          pending="Removing…"
          cancelHref="/team"
        >
          <Consequence member={member} />
        </ConfirmForm>
      )}
    </TeamFrame>
  );
}

function Consequence({ member }: { member: MemberDetail }) {
  const name = nameOf(member);
  return (
    <p>
      {name} ({member.email}) loses access at once, and the seat is free.{' '}
      {member.workingKeys > 0 && (
        <>
          Keys created by {name} keep working ({member.workingKeys}).{' '}
          <Link className="link" href="/keys">
            Review keys
          </Link>
        </>
      )}
    </p>
  );
}
