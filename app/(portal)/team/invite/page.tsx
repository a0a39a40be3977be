/** Invites people: addresses, one role, and how many seats are left; without a free one it says what to do. */

import { LinkButton } from '@/app/_ui/button';
import { Card } from '@/app/_ui/card';
import { ChoiceGroup } from '@/app/_ui/field';
import { Form } from '@/app/_ui/form';
import { Notice } from '@/app/_ui/notice';
import { PageHeader } from '@/app/_ui/page-header';
import { SideCard, WithSide } from '@/app/_ui/side-column';
import { SubmitButton } from '@/app/_ui/submit-button';
import { RecentChanges } from '@/app/(portal)/_shell/recent-changes';
import { SeatsMeter } from '@/app/(portal)/_shell/seats-meter';
import { sectionHref } from '@/app/(portal)/_shell/sections';
import { pageTitle } from '@/app/(portal)/_shell/visitor';
import { whoCan } from '@/app/(portal)/_shell/who-can';
import { EmailsField } from '@/app/(portal)/team/_parts/emails-field';
import { roleOptions } from '@/app/(portal)/team/_parts/role-options';
import { grantableRoles, TeamFrame, teamWriter } from '@/app/(portal)/team/_parts/team-page';
import { inviteAction } from '@/app/(portal)/team/actions';
import { invitationDays, seatsFull } from '@/lib/domains/team/rules';
import { readSeats, type Seats } from '@/lib/domains/team/seats';
import type { Visitor } from '@/lib/edge/portal/page';
import { requireCustomer } from '@/lib/kernel/ctx';

export const generateMetadata = () => pageTitle('Invite people');

export default async function InvitePage() {
  const writer = await teamWriter('team.invite', 'invite people');
  if ('refused' in writer) return writer.refused;
  const { visitor } = writer;
  const seats = await readSeats(requireCustomer(visitor.ctx));
  return (
    <TeamFrame visitor={visitor} crumb="Invite people">
      <PageHeader
        title="Invite people"
        sentence={`Each gets a mail with a link that is good for ${invitationDays} days and holds a seat until then.`}
      />
      <WithSide
        side={
          <>
            <SideCard title="Roles" lines={roleLines} />
            <Card title="Seats">
              <SeatsMeter seats={seats} />
            </Card>
            <RecentChanges visitor={visitor} target="member" />
          </>
        }
      >
        {seats.used >= seats.limit ? <Full seats={seats} /> : <InviteForm visitor={visitor} seats={seats} />}
      </WithSide>
    </TeamFrame>
  );
}

const roleLines = [
  whoCan('runs:read', 'see runs, use and cost'),
  whoCan('runs:write', 'start and cancel runs'),
  whoCan('keys:write', 'manage keys, credentials and people'),
  whoCan('organization:delete', 'transfer ownership and delete the organization'),
];

function Full({ seats }: { seats: Seats }) {
  const billing = sectionHref('billing');
  return (
    <div className="flex flex-col items-start gap-4">
      <Notice tone="warn">{seatsFull(seats)}</Notice>
      <div className="flex flex-wrap gap-2">
        {billing && (
          <LinkButton href={billing} variant="primary">
            Change plan
          </LinkButton>
        )}
        <LinkButton href="/team">Back to the team</LinkButton>
      </div>
    </div>
  );
}

function InviteForm({ visitor, seats }: { visitor: Visitor; seats: Seats }) {
  return (
    <Form
      action={inviteAction}
      customerId={visitor.membership.customerId}
      labels={{ emails: 'Email addresses', role: 'Role' }}
    >
      <EmailsField freeSeats={seats.limit - seats.used} />
      <ChoiceGroup
        type="radio"
        name="role"
        label="Role"
        help="Everyone named above gets this role. It can be changed later."
        options={roleOptions(grantableRoles(visitor))}
        defaultValues={['VIEWER']}
      />
      <div className="flex flex-wrap gap-2">
        <SubmitButton pending="Sending invitations…">Send invitations</SubmitButton>
        <LinkButton href="/team">Cancel</LinkButton>
      </div>
    </Form>
  );
}
