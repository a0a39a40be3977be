/** Asks before ownership is handed over: the other becomes owner, the visitor admin. */
import { redirect } from 'next/navigation';
import { ConfirmForm } from '@/app/_ui/confirm-dialog';
import { PageHeader } from '@/app/_ui/page-header';
import { pageTitle } from '@/app/(portal)/_shell/visitor';
import { ownersOnlyPage } from '@/app/(portal)/team/_parts/owners-only';
import { type MemberPageProps, memberOr404, nameOf, TeamFrame } from '@/app/(portal)/team/_parts/team-page';
import { transferAction } from '@/app/(portal)/team/actions';
import { requireMember, visitorMay } from '@/lib/edge/portal/page';

export const generateMetadata = () => pageTitle('Transfer ownership');

export default async function TransferPage({ params }: MemberPageProps) {
  const visitor = await requireMember();
  if (!visitorMay(visitor, 'organization:delete')) return ownersOnlyPage(visitor, 'team.transfer_ownership');
  const member = await memberOr404(visitor, (await params).id);
  if (member.isSelf || member.role === 'OWNER' || member.status !== 'ACTIVE') redirect('/team');
  return (
    <TeamFrame visitor={visitor} crumb="Transfer ownership">
      <PageHeader title={`Make ${nameOf(member)} owner in your place?`} />
      <ConfirmForm
        action={transferAction}
        customerId={visitor.membership.customerId}
        hidden={{ member_id: member.member_id }}
        confirmLabel="Transfer ownership"
        pending="Transferring…"
        cancelHref="/team"
        word={member.email}
      >
        <p>
          {nameOf(member)} becomes Owner and may delete the organization. You become Admin and cannot take ownership
          back yourself. To share ownership instead, change their role to Owner.
        </p>
      </ConfirmForm>
    </TeamFrame>
  );
}
