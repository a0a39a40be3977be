/** The list of provider configs: columns, row menus, paging and its empty states. */
import { LinkButton } from '@/app/_ui/button';
import { type Column, DataTable } from '@/app/_ui/data-table';
import { formatCount } from '@/app/_ui/format';
import { Link } from '@/app/_ui/link';
import type { ListParams } from '@/app/_ui/list-params';
import { Menu, type MenuItem } from '@/app/_ui/menu';
import { Pager } from '@/app/_ui/pager';
import { EmptyState } from '@/app/_ui/states';
import { StatusBadge } from '@/app/_ui/status-badge';
import { Time } from '@/app/_ui/time';
import { runsHref } from '@/app/(portal)/_runs/run-links';
import { credentialHref } from '@/app/(portal)/credentials/_parts/credential-page';
import { backOffOf, lastRunOf, scheduleOf } from '@/app/(portal)/providers/_parts/config-state';
import { configHref } from '@/app/(portal)/providers/_parts/provider-page';
import { SwitchForm } from '@/app/(portal)/providers/_parts/switch-form';
import type { ConfigPage, ListedConfig } from '@/lib/domains/providers/queries';
import { configDomainTitles, configProviderTitles } from '@/lib/domains/providers/rules';
import type { ConfigView } from '@/lib/domains/providers/view';

/** What was used last stands first; what never was stands last. */
export const configOrder = { sort: 'last_run', dir: 'desc' } as const;

type Look = {
  now: Date;
  timeMode: 'relative' | 'absolute';
  mayWrite: boolean;
  customerId: string;
  /** Names of the credentials, by id. */
  credentials: ReadonlyMap<string, string>;
};

const columns = ({ now, timeMode, mayWrite, customerId, credentials }: Look): Column<ListedConfig>[] => [
  {
    id: 'name',
    head: 'Name',
    priority: 'name',
    sortable: true,
    cell: ({ config_id, name, provider, domain }) => (
      <span className="flex flex-col">
        <Link className="link" href={configHref(config_id)}>
          {name}
        </Link>
        <span className="text-meta font-normal text-muted">
          {configProviderTitles[provider]}, {configDomainTitles[domain].toLowerCase()}
        </span>
      </span>
    ),
  },
  {
    id: 'state',
    head: 'State',
    priority: 'second',
    cell: config => <SwitchForm config={config} customerId={customerId} maySwitch={mayWrite} from="list" />,
  },
  {
    id: 'credential',
    head: 'Credential',
    cell: ({ credential_id }) =>
      credential_id ? (
        <Link className="link-quiet wrap-anywhere" href={credentialHref(credential_id)}>
          {credentials.get(credential_id) ?? 'Credential'}
        </Link>
      ) : (
        <span className="text-muted">None</span>
      ),
  },
  {
    id: 'pipeline',
    head: 'Pipeline',
    cell: ({ pipeline_id }) => <code className="wrap-anywhere">{pipeline_id}</code>,
  },
  {
    id: 'next_run',
    head: 'Schedule',
    sortable: true,
    cell: config => <Schedule config={config} now={now} mode={timeMode} />,
  },
  {
    id: 'last_run',
    head: 'Last run',
    sortable: true,
    cell: config => <LastRun config={config} now={now} mode={timeMode} />,
  },
];

type CellProps = { config: ConfigView; now: Date; mode: 'relative' | 'absolute' };

function Schedule({ config, now, mode }: CellProps) {
  const words = scheduleOf(config);
  const backOff = backOffOf(config, now);
  if (!words) return <span className="text-muted">Not scheduled</span>;
  return (
    <span className="flex max-w-60 flex-col">
      {words}
      <code className="text-meta text-muted">{config.schedule_cron}</code>
      {config.next_run_at && !backOff && (
        <span className="text-meta text-muted">
          Next <Time instant={config.next_run_at} now={now} mode={mode} />
        </span>
      )}
      {backOff && <span className="text-meta text-warn">{backOff}</span>}
    </span>
  );
}

export function LastRun({ config, now, mode }: CellProps) {
  const last = lastRunOf(config);
  if (!last) return <span className="text-muted">Never</span>;
  return (
    <span className="flex flex-col items-start">
      <Link className="link-quiet" href={runsHref({ config: config.config_id })}>
        <StatusBadge status={last.status} />
        <span className="sr-only">, runs of {config.name}</span>
      </Link>
      <span className="text-meta text-muted">
        <Time instant={last.at} now={now} mode={mode} />
        {config.consecutive_failures > 1 && `, ${formatCount(config.consecutive_failures)} failures in a row`}
      </span>
    </span>
  );
}

/** What may be done with a config, the dangerous last. */
export function configActions({ config_id }: ConfigView): MenuItem[] {
  const at = configHref(config_id);
  return [
    { type: 'link', label: 'Edit', href: `${at}/edit`, icon: 'pencil' },
    { type: 'link', label: 'Duplicate', href: `${at}/duplicate`, icon: 'copy' },
    { type: 'link', label: 'Delete…', href: `${at}/delete`, icon: 'trash-2', danger: true },
  ];
}

type Props = Look & { page: ConfigPage; params: ListParams; isFiltered: boolean };

export function ConfigTable({ page, params, isFiltered, ...look }: Props) {
  return (
    <DataTable
      caption="Provider configs"
      columns={columns(look)}
      rows={page.configs}
      rowKey={config => config.config_id}
      sorting={{ path: '/providers', params, initial: configOrder }}
      actions={
        look.mayWrite ? config => <Menu name={`Actions for ${config.name}`} items={configActions(config)} /> : undefined
      }
      empty={<NoConfigs isFiltered={isFiltered} mayWrite={look.mayWrite} />}
      footer={
        <Pager
          path="/providers"
          params={params}
          shown={page.configs.length}
          total={params.after ? undefined : page.total}
          nextCursor={page.nextCursor ?? undefined}
          sized
        />
      }
    />
  );
}

function NoConfigs({ isFiltered, mayWrite }: { isFiltered: boolean; mayWrite: boolean }) {
  if (isFiltered)
    return (
      <EmptyState
        icon="search"
        title="No provider matches these filters."
        action={<LinkButton href="/providers">Clear all</LinkButton>}
      />
    );
  return (
    <EmptyState
      icon="cloud"
      title="No providers yet."
      action={mayWrite && <LinkButton href="/providers/new">Add provider</LinkButton>}
    >
      A provider says which pipeline runs, with which credential and when.
    </EmptyState>
  );
}
