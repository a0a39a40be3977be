/** Invitations nobody has accepted yet: sent again or cancelled at once, because both can be undone. */
import { type Column, DataTable } from '@/app/_ui/data-table';
import { Form } from '@/app/_ui/form';
import { SubmitButton } from '@/app/_ui/submit-button';
import { Time } from '@/app/_ui/time';
import { ActorName } from '@/app/(portal)/_shell/actor-name';
import { mayTouch } from '@/app/(portal)/team/_parts/team-page';
import { cancelInvitationAction, resendAction } from '@/app/(portal)/team/actions';
import type { ListedMember } from '@/lib/domains/team/queries';
import { roleWords } from '@/lib/domains/team/rules';
import type { Visitor } from '@/lib/edge/portal/page';

type Props = {
  visitor: Visitor;
  caption: string;
  rows: ListedMember[];
  now: Date;
  timeMode: 'relative' | 'absolute';
};

export function InvitationTable({ visitor, caption, rows, now, timeMode }: Props) {
  const columns: Column<ListedMember>[] = [
    { id: 'email', head: 'Email', priority: 'name', cell: invitation => invitation.email },
    {
      id: 'role',
      head: 'Role',
      priority: 'second',
      cell: invitation => (
        <span>
          {roleWords[invitation.role]}
          {invitation.updating && <span className="text-muted"> updating</span>}
        </span>
      ),
    },
    {
      id: 'invited_by',
      head: 'Invited by',
      cell: invitation => <ActorName label={invitation.invited_by} />,
    },
    {
      id: 'expires',
      head: 'Expires',
      cell: invitation => <Time instant={invitation.invitation_expires_at} now={now} mode={timeMode} />,
    },
    {
      id: 'actions',
      head: 'Actions',
      cell: invitation => <InvitationActions visitor={visitor} invitation={invitation} />,
    },
  ];
  return (
    <DataTable
      id={`list-${caption.toLowerCase().replaceAll(' ', '-')}`}
      caption={caption}
      columns={columns}
      rows={rows}
      rowKey={invitation => invitation.member_id}
      empty={null}
    />
  );
}

function InvitationActions({ visitor, invitation }: { visitor: Visitor; invitation: ListedMember }) {
  if (!mayTouch(visitor, invitation)) return <span className="text-muted">Only owners</span>;
  const form = {
    customerId: visitor.membership.customerId,
    hidden: { member_id: invitation.member_id },
    className: 'inline-flex flex-wrap gap-1',
  };
  return (
    <span className="inline-flex flex-wrap justify-end gap-1 sm:-ml-3 sm:justify-start">
      <Form action={resendAction} {...form}>
        <SubmitButton variant="quiet" pending="Sending…">
          Resend<span className="sr-only"> to {invitation.email}</span>
        </SubmitButton>
      </Form>
      <Form action={cancelInvitationAction} {...form}>
        <SubmitButton variant="quiet" pending="Cancelling…">
          Cancel<span className="sr-only"> the invitation of {invitation.email}</span>
        </SubmitButton>
      </Form>
    </span>
  );
}
