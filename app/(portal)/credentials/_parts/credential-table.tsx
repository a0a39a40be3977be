/** The list of credentials: columns, row menus, paging and its empty states. */
import { LinkButton } from '@/app/_ui/button';
import { type Column, DataTable } from '@/app/_ui/data-table';
import { formatPlural } from '@/app/_ui/format';
import { Link } from '@/app/_ui/link';
import { hrefWith, type ListParams } from '@/app/_ui/list-params';
import { Menu, type MenuItem } from '@/app/_ui/menu';
import { Pager } from '@/app/_ui/pager';
import { EmptyState } from '@/app/_ui/states';
import { Time } from '@/app/_ui/time';
import { ActorName } from '@/app/(portal)/_shell/actor-name';
import { CredentialExpiry, HealthBadge } from '@/app/(portal)/credentials/_parts/credential-health';
import { credentialHref } from '@/app/(portal)/credentials/_parts/credential-page';
import type { CredentialPage, ListedCredential } from '@/lib/domains/credentials/queries';
import { kindRules, providerTitles } from '@/lib/domains/credentials/rules';
import type { CredentialView } from '@/lib/domains/credentials/view';

/** What was used last stands first; what never was stands last. */
export const credentialOrder = { sort: 'last_used', dir: 'desc' } as const;

type Look = {
  now: Date;
  timeMode: 'relative' | 'absolute';
  mayWrite: boolean;
  /** How many provider configs use each. */
  use: ReadonlyMap<string, number>;
};

const columns = ({ now, timeMode, use }: Look): Column<ListedCredential>[] => [
  {
    id: 'name',
    head: 'Name',
    priority: 'name',
    sortable: true,
    cell: ({ credential_id, name }) => (
      <Link className="link" href={credentialHref(credential_id)}>
        {name}
      </Link>
    ),
  },
  {
    id: 'provider',
    head: 'Provider',
    cell: ({ provider, kind }) => (
      <span className="flex flex-col">
        {providerTitles[provider]}
        <span className="text-meta text-muted">{kindRules[kind].title}</span>
      </span>
    ),
  },
  {
    id: 'health',
    head: 'Health',
    priority: 'second',
    cell: credential => <HealthBadge credential={credential} now={now} updating={credential.updating} />,
  },
  {
    id: 'used_by',
    head: 'Used by',
    cell: ({ credential_id, name }) => <Use id={credential_id} name={name} count={use.get(credential_id) ?? 0} />,
  },
  {
    id: 'expires',
    head: 'Expires',
    sortable: true,
    cell: credential => <CredentialExpiry credential={credential} now={now} mode={timeMode} />,
  },
  {
    id: 'last_used',
    head: 'Last fetched',
    sortable: true,
    cell: ({ last_used_at }) => <Time instant={last_used_at} now={now} mode={timeMode} />,
  },
  {
    id: 'updated_by',
    head: 'Updated by',
    cell: ({ updated_by, created_by }) => <ActorName label={updated_by ?? created_by} />,
  },
];

function Use({ id, name, count }: { id: string; name: string; count: number }) {
  if (count === 0) return <span className="text-muted">Nothing</span>;
  return (
    <Link className="link-quiet whitespace-nowrap" href={hrefWith('/providers', { credential: id }, {})}>
      {formatPlural(count, 'provider')}
      <span className="sr-only"> with {name}</span>
    </Link>
  );
}

/** What may be done with a credential, the dangerous last. */
export function credentialActions({
  credential_id,
  previous_until,
}: Pick<CredentialView, 'credential_id' | 'previous_until'>): MenuItem[] {
  const at = credentialHref(credential_id);
  return [
    { type: 'link', label: 'Edit', href: `${at}/edit`, icon: 'pencil' },
    { type: 'link', label: 'Rotate…', href: `${at}/rotate`, icon: 'rotate-cw' },
    { type: 'link', label: 'Replace secret…', href: `${at}/replace`, icon: 'lock-keyhole' },
    ...(previous_until
      ? [{ type: 'link', label: 'End overlap…', href: `${at}/end-overlap`, icon: 'ban' } as const]
      : []),
    { type: 'link', label: 'Delete…', href: `${at}/delete`, icon: 'trash-2', danger: true },
  ];
}

type Props = Look & { page: CredentialPage; params: ListParams; isFiltered: boolean };

export function CredentialTable({ page, params, isFiltered, ...look }: Props) {
  return (
    <DataTable
      caption="Credentials"
      columns={columns(look)}
      rows={page.credentials}
      rowKey={credential => credential.credential_id}
      sorting={{ path: '/credentials', params, initial: credentialOrder }}
      actions={
        look.mayWrite
          ? credential => <Menu name={`Actions for ${credential.name}`} items={credentialActions(credential)} />
          : undefined
      }
      empty={<NoCredentials isFiltered={isFiltered} mayWrite={look.mayWrite} />}
      footer={
        <Pager
          path="/credentials"
          params={params}
          shown={page.credentials.length}
          total={params.after ? undefined : page.total}
          nextCursor={page.nextCursor ?? undefined}
          sized
        />
      }
    />
  );
}

function NoCredentials({ isFiltered, mayWrite }: { isFiltered: boolean; mayWrite: boolean }) {
  if (isFiltered)
    return (
      <EmptyState
        icon="search"
        title="No credential matches these filters."
        action={<LinkButton href="/credentials">Clear all</LinkButton>}
      />
    );
  return (
    <EmptyState
      icon="lock-keyhole"
      title="No credentials yet."
      action={mayWrite && <LinkButton href="/credentials/new">Add credential</LinkButton>}
    >
      {mayWrite ? 'Add one so pipelines can read your data.' : 'An admin can add one, so pipelines can read your data.'}
    </EmptyState>
  );
}
