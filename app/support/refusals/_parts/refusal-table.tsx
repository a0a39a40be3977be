/** Refusals of one page: when, who, from where, what was tried and how often. */
import { LinkButton } from '@/app/_ui/button';
import { type Column, DataTable } from '@/app/_ui/data-table';
import { formatCount } from '@/app/_ui/format';
import type { ListParams } from '@/app/_ui/list-params';
import { Pager } from '@/app/_ui/pager';
import { EmptyState, ErrorState } from '@/app/_ui/states';
import { Time } from '@/app/_ui/time';
import { callerWord } from '@/lib/domains/audit/input';
import type { Refusal, RefusalPage } from '@/lib/domains/audit/refusals';
import type { CardData } from '@/lib/edge/portal/page-card';

function Who({ refusal: { actor_type, actor_id, actor_name } }: { refusal: Refusal }) {
  return (
    <span className="flex flex-col">
      <span>{callerWord(actor_type)}</span>
      {actor_type !== 'api_key' && <span className="wrap-anywhere text-muted">{actor_name ?? actor_id}</span>}
    </span>
  );
}

const columns: Column<Refusal>[] = [
  {
    id: 'time',
    head: 'Minute (UTC)',
    priority: 'name',
    cell: refusal => <Time instant={refusal.at} now={refusal.at} mode="absolute" />,
  },
  { id: 'who', head: 'Who', cell: refusal => <Who refusal={refusal} /> },
  { id: 'tried', head: 'Tried to', wide: true, priority: 'second', cell: refusal => refusal.tried },
  { id: 'times', head: 'Times', align: 'end', cell: refusal => formatCount(refusal.occurrences) },
  { id: 'ip', head: 'IP', cell: refusal => (refusal.ip_prefix ? <code>{refusal.ip_prefix}</code> : '–') },
  {
    id: 'program',
    head: 'Program',
    cell: refusal => <span className="wrap-anywhere">{refusal.user_agent ?? '–'}</span>,
  },
];

type Props = { data: CardData<RefusalPage>; path: string; params: ListParams };

export function RefusalTable({ data, path, params }: Props) {
  if (!data.ok)
    return (
      <ErrorState title="Could not load the refusals." retryHref={path}>
        {data.reason}
      </ErrorState>
    );
  const filtered = Boolean(params.actor || params.days || params.after);
  const { refusals, nextCursor } = data.data;
  return (
    <DataTable
      caption="Refused attempts"
      rows={refusals}
      rowKey={refusal =>
        [refusal.at.toISOString(), refusal.actor_type, refusal.actor_id, refusal.action, refusal.request_id].join()
      }
      empty={
        filtered ? (
          <EmptyState
            title="No refusal matches these filters."
            action={
              <LinkButton variant="plain" href={path}>
                Clear all
              </LinkButton>
            }
          />
        ) : (
          <EmptyState title="Nobody was refused in the last 7 days." icon="shield" />
        )
      }
      columns={columns}
      footer={<Pager path={path} params={params} shown={refusals.length} {...(nextCursor ? { nextCursor } : {})} />}
    />
  );
}
