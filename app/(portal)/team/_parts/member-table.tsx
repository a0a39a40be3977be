/** The members: who, which role, since when, and what the visitor may do with them. */
import { type Column, DataTable } from '@/app/_ui/data-table';
import { Menu, type MenuItem } from '@/app/_ui/menu';
import { EmptyState } from '@/app/_ui/states';
import { StatusBadge } from '@/app/_ui/status-badge';
import { Time } from '@/app/_ui/time';
import { mayTouch, nameOf } from '@/app/(portal)/team/_parts/team-page';
import type { ListedMember } from '@/lib/domains/team/queries';
import { roleWords } from '@/lib/domains/team/rules';
import type { Visitor } from '@/lib/edge/portal/page';

type Props = { visitor: Visitor; members: ListedMember[]; now: Date; timeMode: 'relative' | 'absolute' };

function columns({ visitor, now, timeMode }: Props): Column<ListedMember>[] {
  const ownId = visitor.membership.memberId;
  return [
    {
      id: 'name',
      head: 'Member',
      priority: 'name',
      cell: member => (
        <span className="flex flex-col">
          <span>
            {nameOf(member)}
            {member.member_id === ownId && <span className="font-normal text-muted"> (you)</span>}
          </span>
          {member.full_name && <span className="font-normal text-muted">{member.email}</span>}
        </span>
      ),
    },
    {
      id: 'role',
      head: 'Role',
      priority: 'second',
      cell: member => (
        <span className="inline-flex flex-wrap items-center gap-2">
          {roleWords[member.role]}
          {member.status === 'SUSPENDED' && <StatusBadge status="suspended" />}
          {member.updating && <span className="text-muted">updating</span>}
        </span>
      ),
    },
    {
      id: 'seen',
      head: 'Last sign-in',
      cell: member => <Time instant={member.last_login_at} now={now} mode={timeMode} />,
    },
    { id: 'joined', head: 'Joined', cell: member => <Time instant={member.joined_at} now={now} mode={timeMode} /> },
  ];
}

/** What the visitor may do with a member, the dangerous last. */
function actionsFor(visitor: Visitor, member: ListedMember): MenuItem[] {
  const at = `/team/${member.member_id}`;
  const isSelf = member.member_id === visitor.membership.memberId;
  const isOwner = visitor.membership.role === 'OWNER';
  const touches = mayTouch(visitor, member);
  const items: MenuItem[] = [];
  if (touches) items.push({ type: 'link', label: 'Change role…', href: `${at}/role`, icon: 'pencil' });
  if (isOwner && !isSelf && member.role !== 'OWNER' && member.status === 'ACTIVE')
    items.push({ type: 'link', label: 'Transfer ownership…', href: `${at}/owner`, icon: 'shield' });
  if (isSelf) items.push({ type: 'link', label: 'Leave…', href: '/team/leave', icon: 'log-out', danger: true });
  else if (touches) items.push({ type: 'link', label: 'Remove…', href: `${at}/remove`, icon: 'trash-2', danger: true });
  return items;
}

export function MemberTable(props: Props) {
  const { visitor, members } = props;
  return (
    <DataTable
      id="members"
      caption="Members"
      columns={columns(props)}
      rows={members}
      rowKey={member => member.member_id}
      actions={member => {
        const items = actionsFor(visitor, member);
        return items.length > 0 && <Menu name={`Actions for ${nameOf(member)}`} items={items} />;
      }}
      empty={<EmptyState icon="users" title="The members are on their way here." />}
    />
  );
}
