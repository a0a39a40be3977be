/** Erasing a user from the agent log, for owners, and the users who were erased, for admins too. */
import { Card } from '@/app/_ui/card';
import { ConfirmDialog } from '@/app/_ui/confirm-dialog';
import { type Column, DataTable } from '@/app/_ui/data-table';
import { TextField } from '@/app/_ui/field';
import { formatCount } from '@/app/_ui/format';
import { StatusBadge } from '@/app/_ui/status-badge';
import { Time } from '@/app/_ui/time';
import { ActorName } from '@/app/(portal)/_shell/actor-name';
import { timeMode } from '@/app/(portal)/_shell/visitor';
import { eraseUserAction } from '@/app/(portal)/agent-log/settings/actions';
import { type ErasureView, listErasures } from '@/lib/domains/agent-log/erasure/erase-user';
import { type Visitor, visitorMay } from '@/lib/edge/portal/page';
import { requireCustomer } from '@/lib/kernel/ctx';

type Look = { now: Date; mode: 'relative' | 'absolute' };

const columns = ({ now, mode }: Look): Column<ErasureView>[] => [
  {
    id: 'user',
    head: 'User',
    priority: 'name',
    cell: ({ user_id, user_ref }) => <span className="wrap-anywhere">{user_id ?? user_ref}</span>,
  },
  {
    id: 'state',
    head: 'State',
    priority: 'second',
    cell: ({ state }) => <StatusBadge status={state === 'DONE' ? 'erased' : 'erasing'} />,
  },
  { id: 'events', head: 'Events', align: 'end', cell: ({ events }) => formatCount(events) },
  { id: 'asked', head: 'Asked for', cell: one => <Time instant={new Date(one.requested_at)} now={now} mode={mode} /> },
  { id: 'by', head: 'By', cell: ({ requested_by }) => <ActorName label={requested_by} /> },
];

export async function ErasureCard({ visitor }: { visitor: Visitor }) {
  const ctx = requireCustomer(visitor.ctx);
  if (!visitorMay(visitor, 'agent-log:manage')) return null;
  const { erasures } = await listErasures(ctx, {});
  const mayErase = visitorMay(visitor, 'agent-log:erase');
  return (
    <Card title="Erase a user">
      <p className="text-muted">
        What was said in the user’s events, their client, and the name of the user go, and cannot be brought back. Which
        tools were called, how long they took and what they cost stays.
      </p>
      {mayErase ? (
        <div>
          <ConfirmDialog
            trigger="Erase a user…"
            triggerClassName="btn btn-danger"
            title="Erase a user from the agent log?"
            confirmLabel="Erase user"
            pending="Erasing user…"
            action={eraseUserAction}
            customerId={ctx.customerId}
            labels={{ user_id: 'User', confirm: 'The same user again' }}
          >
            <span className="mb-3 block">It begins within minutes and cannot be taken back.</span>
            <span className="flex flex-col gap-3 text-text">
              <TextField name="user_id" label="User" help="As events name the user." autoComplete="off" />
              <TextField name="confirm" label="The same user again" autoComplete="off" />
            </span>
          </ConfirmDialog>
        </div>
      ) : (
        <p className="text-muted">Only owners can erase a user.</p>
      )}
      <DataTable
        id="erasures"
        caption="Erased users"
        columns={columns({ now: ctx.clock(), mode: timeMode(visitor) })}
        rows={erasures}
        rowKey={({ erasure_id }) => erasure_id}
        empty={null}
      />
    </Card>
  );
}
