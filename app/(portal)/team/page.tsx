/** The team: seats, members, open and expired invitations, and what each role may do. */
import { LinkButton } from '@/app/_ui/button';
import { Card } from '@/app/_ui/card';
import { formatPlural } from '@/app/_ui/format';
import { Meter } from '@/app/_ui/meter';
import { PageHeader } from '@/app/_ui/page-header';
import { ErrorState } from '@/app/_ui/states';
import { FreshnessNote } from '@/app/(portal)/_charts/freshness-note';
import { OverSeats } from '@/app/(portal)/_shell/over-seats';
import { pageTitle, timeMode } from '@/app/(portal)/_shell/visitor';
import { InvitationTable } from '@/app/(portal)/team/_parts/invitation-table';
import { MemberTable } from '@/app/(portal)/team/_parts/member-table';
import { TeamFrame } from '@/app/(portal)/team/_parts/team-page';
import { Told } from '@/app/(portal)/team/_parts/told';
import { readAdmins } from '@/lib/domains/team/membership';
import { listTeam, type TeamList } from '@/lib/domains/team/queries';
import { roleWords } from '@/lib/domains/team/rules';
import { readSeats, type Seats } from '@/lib/domains/team/seats';
import { landing } from '@/lib/edge/portal/landing';
import { requireMember, type Visitor, visitorMay } from '@/lib/edge/portal/page';
import { cardData } from '@/lib/edge/portal/page-card';
import { requireCustomer } from '@/lib/kernel/ctx';
import { roleDescriptions, roles } from '@/lib/kernel/permissions';

export const generateMetadata = () => pageTitle('Team');

export default async function TeamPage() {
  const visitor = await requireMember();
  const mayWrite = visitorMay(visitor, 'team:write');
  const [team, seats, admins, told] = await Promise.all([
    cardData(visitor.ctx.requestId, listTeam(visitor.ctx)),
    readSeats(requireCustomer(visitor.ctx)),
    mayWrite ? [] : readAdmins(visitor.membership.customerId),
    landing(),
  ]);
  return (
    <TeamFrame visitor={visitor}>
      <PageHeader
        title="Team"
        sentence="Who may use this organization, and what they may do in it."
        viewOnly={mayWrite ? undefined : { admins }}
        actions={
          mayWrite && (
            <LinkButton variant="primary" icon="plus" href="/team/invite">
              Invite people
            </LinkButton>
          )
        }
      />
      <div className="flex flex-col gap-6">
        {team.ok && <Told visitor={visitor} team={team.data} told={told} />}
        <OverSeats
          seats={seats}
          action={visitorMay(visitor, 'billing:write') ? { label: 'See plans', href: '/billing' } : undefined}
        />
        <SeatMeter seats={seats} />
        {team.ok ? (
          <Lists visitor={visitor} team={team.data} mayWrite={mayWrite} />
        ) : (
          <ErrorState title="Could not load the team." retryHref="/team" requestId={visitor.ctx.requestId}>
            {team.reason} Members can go on working. You can still invite people.
          </ErrorState>
        )}
        <RoleList />
      </div>
    </TeamFrame>
  );
}

function SeatMeter({ seats }: { seats: Seats }) {
  const members = formatPlural(seats.members, 'member');
  const note = seats.invitations > 0 ? `${members} + ${formatPlural(seats.invitations, 'invitation')}` : members;
  return (
    <div className="card max-w-form p-4">
      <Meter label="Seats" used={seats.used} limit={seats.limit} kind="hold" note={note} />
    </div>
  );
}

function Lists({ visitor, team, mayWrite }: { visitor: Visitor; team: TeamList; mayWrite: boolean }) {
  const look = { visitor, now: visitor.ctx.clock(), timeMode: timeMode(visitor) };
  return (
    <>
      <FreshnessNote cards={[{ ok: true, data: team }]} />
      <div className="flex min-w-0 flex-col gap-3">
        <h2>Members</h2>
        <MemberTable members={team.members} {...look} />
      </div>
      {mayWrite && team.invitations.length > 0 && (
        <div className="flex min-w-0 flex-col gap-3">
          <h2>Invitations</h2>
          <InvitationTable caption="Invitations" rows={team.invitations} {...look} />
        </div>
      )}
      {mayWrite && team.expired.length > 0 && (
        <details>
          <summary className="btn btn-plain">{formatPlural(team.expired.length, 'expired invitation')}</summary>
          <div className="mt-3">
            <InvitationTable caption="Expired invitations" rows={team.expired} {...look} />
          </div>
        </details>
      )}
    </>
  );
}

/** One line a role, from the permission table. */
function RoleList() {
  return (
    <Card title="Roles">
      <dl className="grid gap-x-6 gap-y-2 sm:grid-cols-[8rem_1fr]">
        {roles.map(role => (
          <div key={role} className="flex flex-col sm:contents">
            <dt className="font-medium">{roleWords[role]}</dt>
            <dd className="text-muted">{roleDescriptions[role]}</dd>
          </div>
        ))}
      </dl>
      <p>
        <a className="link" href="/docs/team#roles">
          What each role may do
        </a>
      </p>
    </Card>
  );
}
