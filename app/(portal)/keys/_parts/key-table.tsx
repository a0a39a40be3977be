/** The list of keys: columns, row menus, paging and its three empty states. */
import { LinkButton } from '@/app/_ui/button';
import { type Column, DataTable } from '@/app/_ui/data-table';
import { formatCount } from '@/app/_ui/format';
import { Link } from '@/app/_ui/link';
import type { ListParams } from '@/app/_ui/list-params';
import { Menu, type MenuItem } from '@/app/_ui/menu';
import { Pager } from '@/app/_ui/pager';
import { EmptyState } from '@/app/_ui/states';
import { Time } from '@/app/_ui/time';
import { ActorName } from '@/app/(portal)/_shell/actor-name';
import { KeyExpiry, KeyStart, KeyStatusCell } from '@/app/(portal)/keys/_parts/key-status';
import type { KeyPage, ListedKey } from '@/lib/domains/keys/queries';
import { recentUseDays } from '@/lib/domains/keys/rules';
import type { KeyView } from '@/lib/domains/keys/view';

/** What was used last stands first; what never was stands last. */
export const keyOrder = { sort: 'last_used', dir: 'desc' } as const;

type Look = {
  now: Date;
  timeMode: 'relative' | 'absolute';
  mayWrite: boolean;
  /** Calls of the last 7 days by key; one without any is not in it. */
  calls: ReadonlyMap<string, number>;
};

function keyColumns({ now, timeMode, mayWrite, calls }: Look): Column<ListedKey>[] {
  return [
    {
      id: 'name',
      head: 'Name',
      priority: 'name',
      cell: key => (
        <Link className="link" href={`/keys/${key.api_key_id}`}>
          {key.name}
        </Link>
      ),
    },
    { id: 'key', head: 'Key', cell: key => <KeyStart keyView={key} /> },
    {
      id: 'status',
      head: 'Status',
      priority: 'second',
      cell: key => <KeyStatusCell keyView={key} updating={key.updating} mayWrite={mayWrite} />,
    },
    { id: 'scopes', head: 'Scopes', cell: key => <ScopeList scopes={key.scopes} /> },
    {
      id: 'last_used',
      head: 'Last used',
      sortable: true,
      cell: key => <Time instant={key.last_used_at} now={now} mode={timeMode} />,
    },
    {
      id: 'calls',
      head: `Calls, ${recentUseDays} days`,
      align: 'end',
      cell: key => formatCount(calls.get(key.api_key_id) ?? 0),
    },
    {
      id: 'expires',
      head: 'Expires',
      sortable: true,
      cell: key => <KeyExpiry keyView={key} now={now} mode={timeMode} />,
    },
    {
      id: 'created',
      head: 'Created',
      sortable: true,
      cell: key => <Time instant={key.created_at} now={now} mode={timeMode} />,
    },
    { id: 'created_by', head: 'Created by', cell: key => <ActorName label={key.created_by} /> },
  ];
}

/** Two scopes and a count; all of them are on the key's own page. */
function ScopeList({ scopes }: { scopes: readonly string[] }) {
  const [first, second] = scopes;
  const more = scopes.length - 2;
  return (
    <span>
      <code>{first}</code>
      {second && (
        <>
          , <code>{second}</code>
        </>
      )}
      {more > 0 && <span className="whitespace-nowrap text-muted"> and {more} more</span>}
    </span>
  );
}

/** What may be done with a key, the dangerous last. */
export function keyActions(key: KeyView): MenuItem[] {
  const at = `/keys/${key.api_key_id}`;
  const works = key.status !== 'REVOKED' && key.status !== 'EXPIRED';
  const items: MenuItem[] = [{ type: 'link', label: 'Rename', href: `${at}/rename`, icon: 'pencil' }];
  if (key.status !== 'REVOKED' && key.replaced_by === null)
    items.push({ type: 'link', label: 'Rotate…', href: `${at}/rotate`, icon: 'rotate-cw' });
  if (works) items.push({ type: 'link', label: 'Revoke…', href: `${at}/revoke`, icon: 'ban', danger: true });
  return items;
}

type Props = Look & { page: KeyPage; params: ListParams; hasAny: boolean };

export function KeyTable({ page, params, hasAny, ...look }: Props) {
  return (
    <DataTable
      caption="API keys"
      columns={keyColumns(look)}
      rows={page.keys}
      rowKey={key => key.api_key_id}
      sorting={{ path: '/keys', params, initial: keyOrder }}
      actions={look.mayWrite ? key => <Menu name={`Actions for ${key.name}`} items={keyActions(key)} /> : undefined}
      empty={<NoKeys hasAny={hasAny} isFiltered={Boolean(params.q || params.status)} mayWrite={look.mayWrite} />}
      footer={
        <Pager
          path="/keys"
          params={params}
          shown={page.keys.length}
          total={params.after ? undefined : page.total}
          nextCursor={page.nextCursor ?? undefined}
          sized
        />
      }
    />
  );
}

function NoKeys({ hasAny, isFiltered, mayWrite }: { hasAny: boolean; isFiltered: boolean; mayWrite: boolean }) {
  if (isFiltered)
    return (
      <EmptyState
        icon="search"
        title="No key matches these filters."
        action={<LinkButton href="/keys">Clear all</LinkButton>}
      />
    );
  if (hasAny)
    return (
      <EmptyState
        icon="key-round"
        title="No active API keys."
        action={<LinkButton href="/keys?status=all">Show all keys</LinkButton>}
      >
        All keys have expired or were revoked.
      </EmptyState>
    );
  return (
    <EmptyState
      icon="key-round"
      title="No API keys yet."
      action={mayWrite && <LinkButton href="/keys/new">Create key</LinkButton>}
    >
      {mayWrite ? 'Create one to send runs from your own systems.' : 'An admin can create one.'}
    </EmptyState>
  );
}
