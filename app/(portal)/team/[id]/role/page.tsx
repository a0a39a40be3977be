/** Changes a member's role; one's own asks for a confirmation, the last owner's cannot be changed. */
import { LinkButton } from '@/app/_ui/button';
import { CheckField, ChoiceGroup } from '@/app/_ui/field';
import { Form } from '@/app/_ui/form';
import { PageHeader } from '@/app/_ui/page-header';
import { SubmitButton } from '@/app/_ui/submit-button';
import { pageTitle } from '@/app/(portal)/_shell/visitor';
import { ownersOnlyPage } from '@/app/(portal)/team/_parts/owners-only';
import { roleOptions } from '@/app/(portal)/team/_parts/role-options';
import {
  grantableRoles,
  type MemberPageProps,
  mayTouch,
  memberOr404,
  nameOf,
  TeamFrame,
  teamWriter,
} from '@/app/(portal)/team/_parts/team-page';
import { changeRoleAction } from '@/app/(portal)/team/actions';

export const generateMetadata = () => pageTitle('Change role');

export default async function ChangeRolePage({ params }: MemberPageProps) {
  const writer = await teamWriter('team.change_role', 'change roles');
  if ('refused' in writer) return writer.refused;
  const { visitor } = writer;
  const member = await memberOr404(visitor, (await params).id);
  if (!mayTouch(visitor, member)) return ownersOnlyPage(visitor, 'team.change_role');
  const options = roleOptions(grantableRoles(visitor));
  return (
    <TeamFrame visitor={visitor} crumb="Change role">
      <PageHeader
        title={member.isSelf ? 'Change your own role' : `Change the role of ${nameOf(member)}`}
        sentence="Less power holds from the next request on; for more, the person signs in again."
      />
      <Form
        action={changeRoleAction}
        customerId={visitor.membership.customerId}
        hidden={{ member_id: member.member_id }}
        labels={{ role: 'Role', confirm_own: 'Confirmation' }}
      >
        <ChoiceGroup
          type="radio"
          name="role"
          label="Role"
          help={member.isLastOwner ? 'Make someone else owner first.' : undefined}
          options={options.map(option => ({ ...option, disabled: member.isLastOwner }))}
          defaultValues={[member.role]}
        />
        {member.isSelf && !member.isLastOwner && (
          <CheckField name="confirm_own" label="I change my own role. I may not be able to change it back myself." />
        )}
        <div className="flex flex-wrap gap-2">
          {!member.isLastOwner && <SubmitButton pending="Saving…">Save role</SubmitButton>}
          <LinkButton href="/team">{member.isLastOwner ? 'Back to the team' : 'Cancel'}</LinkButton>
        </div>
      </Form>
    </TeamFrame>
  );
}
