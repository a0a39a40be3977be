/** Discarded values by column and reason, with what a person can do about each. */
import { type Column, DataTable } from '@/app/_ui/data-table';
import { Form } from '@/app/_ui/form';
import { formatCount, formatPlural } from '@/app/_ui/format';
import { Link } from '@/app/_ui/link';
import { hrefWith, type ListParams } from '@/app/_ui/list-params';
import { Pager } from '@/app/_ui/pager';
import { EmptyState } from '@/app/_ui/states';
import { SubmitButton } from '@/app/_ui/submit-button';
import { Time } from '@/app/_ui/time';
import { ActorName } from '@/app/(portal)/_shell/actor-name';
import { sourceHref } from '@/app/(portal)/sources/_parts/source-page';
import { whyDiscarded } from '@/app/(portal)/sources/[id]/discards/_parts/discard-words';
import { allowDiscardAction, replayDiscardAction } from '@/app/(portal)/sources/actions';
import type { DiscardPage, DiscardView } from '@/lib/domains/events/discards/list-discards';
import { heldByLimit } from '@/lib/domains/events/discards/reasons';

type Look = {
  sourceId: string;
  customerId: string;
  now: Date;
  timeMode: 'relative' | 'absolute';
  mayWrite: boolean;
};

const columns = ({ sourceId, now, timeMode }: Look): Column<DiscardView>[] => [
  {
    id: 'column',
    head: 'Column',
    priority: 'name',
    cell: ({ table, column }) => (
      <span className="flex flex-col wrap-anywhere">
        <code>{column}</code>
        <span className="text-meta font-normal text-muted">
          of{' '}
          <Link className="link-quiet" href={hrefWith(`${sourceHref(sourceId)}/schema`, { table }, {})}>
            {table}
          </Link>
        </span>
      </span>
    ),
  },
  {
    id: 'reason',
    head: 'Reason',
    wide: true,
    cell: discard => (
      <>
        {whyDiscarded(discard.reason, discard)}
        {discard.allowed_at && (
          <span className="text-ok">
            {' '}
            Allowed <Time instant={discard.allowed_at} now={now} /> by <ActorName label={discard.allowed_by} />.
          </span>
        )}
      </>
    ),
  },
  { id: 'count', head: 'Values', align: 'end', cell: ({ count }) => formatCount(count) },
  { id: 'example', head: 'Example', cell: ({ example }) => <code className="wrap-anywhere">{example}</code> },
  {
    id: 'when',
    head: 'First and last',
    cell: discard => (
      <span className="flex flex-col">
        <Time instant={discard.first_at} now={now} mode={timeMode} />
        <Time instant={discard.last_at} now={now} mode={timeMode} />
      </span>
    ),
  },
];

function Actions({ discard, look: { sourceId, customerId } }: { discard: DiscardView; look: Look }) {
  const form = {
    customerId,
    hidden: { source_id: sourceId, discard_id: discard.discard_id },
    className: 'inline-flex',
  };
  const of = <span className="sr-only"> {discard.column}</span>;
  const mayAllow = heldByLimit.includes(discard.reason) && !discard.allowed_at;
  const mayReplay = discard.replayable > 0 && !mayAllow;
  return (
    <span className="flex flex-wrap justify-end gap-2">
      {mayAllow && (
        <Form action={allowDiscardAction} {...form}>
          <SubmitButton variant="plain" pending="Allowing…">
            Allow{of}
          </SubmitButton>
        </Form>
      )}
      {mayReplay && (
        <Form action={replayDiscardAction} {...form}>
          <SubmitButton variant="plain" pending="Replaying…">
            Replay {formatPlural(discard.replayable, 'value')}
            {of}
          </SubmitButton>
        </Form>
      )}
    </span>
  );
}

type Props = Look & { page: DiscardPage; params: ListParams; hasEvents: boolean };

export function DiscardTable({ page, params, hasEvents, ...look }: Props) {
  return (
    <DataTable
      caption="Discarded values"
      columns={columns(look)}
      rows={page.discards}
      rowKey={discard => discard.discard_id}
      actions={look.mayWrite ? discard => <Actions discard={discard} look={look} /> : undefined}
      empty={
        <EmptyState
          icon={hasEvents ? 'circle-check' : 'radio'}
          title={hasEvents ? 'Nothing was discarded.' : 'No events yet.'}
        >
          {hasEvents
            ? 'Every value of every event that was taken fits its column.'
            : 'Values that fit no column are listed here once events come.'}
        </EmptyState>
      }
      footer={
        <Pager
          path={`${sourceHref(look.sourceId)}/discards`}
          params={params}
          shown={page.discards.length}
          nextCursor={page.nextCursor ?? undefined}
        />
      }
    />
  );
}
