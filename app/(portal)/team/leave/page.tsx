/** Asks before the visitor leaves the organization. */
import { LinkButton } from '@/app/_ui/button';
import { ConfirmForm } from '@/app/_ui/confirm-dialog';
import { PageHeader } from '@/app/_ui/page-header';
import { pageTitle } from '@/app/(portal)/_shell/visitor';
import { TeamFrame } from '@/app/(portal)/team/_parts/team-page';
import { leaveAction } from '@/app/(portal)/team/actions';
import { readSelf } from '@/lib/domains/team/queries';
import { requireMember } from '@/lib/edge/portal/page';

export const generateMetadata = () => pageTitle('Leave');

export default async function LeavePage() {
  const visitor = await requireMember();
  const self = await readSelf(visitor.ctx);
  const { companyName, customerId } = visitor.membership;
  return (
    <TeamFrame visitor={visitor} crumb="Leave">
      <PageHeader title={`Leave ${companyName}?`} />
      {self.isLastOwner ? (
        <div className="flex flex-col items-start gap-4">
          <p>You are the last owner. Make someone else owner first.</p>
          <LinkButton href="/team">Back to the team</LinkButton>
        </div>
      ) : (
        <ConfirmForm
          action={leaveAction}
          customerId={customerId}
          confirmLabel="Leave organization"
          pending="Leaving…"
          cancelHref="/team"
        >
          <p>
            You lose access at once. Only an admin can invite you again.
            {self.workingKeys > 0 && ` Keys you created keep working (${self.workingKeys}).`}
          </p>
        </ConfirmForm>
      )}
    </TeamFrame>
  );
}
