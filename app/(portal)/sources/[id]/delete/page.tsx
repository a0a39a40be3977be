/** Asks before a source is deleted, and says what goes and what stays. */
import { ConfirmForm } from '@/app/_ui/confirm-dialog';
import { formatPlural, formatRelative } from '@/app/_ui/format';
import { PageHeader } from '@/app/_ui/page-header';
import { pageTitle } from '@/app/(portal)/_shell/visitor';
import {
  SourceFrame,
  type SourcePageProps,
  sourceHref,
  sourceOr404,
  sourceWriter,
} from '@/app/(portal)/sources/_parts/source-page';
import { deleteSourceAction } from '@/app/(portal)/sources/actions';

export const generateMetadata = () => pageTitle('Delete source');

export default async function DeleteSourcePage({ params }: SourcePageProps) {
  const writer = await sourceWriter('event_source.delete', 'delete event sources');
  if ('refused' in writer) return writer.refused;
  const { visitor } = writer;
  const source = await sourceOr404(visitor, (await params).id);
  const href = sourceHref(source.source_id);
  const { name, dataset, last_event_at, write_keys } = source;
  return (
    <SourceFrame visitor={visitor} crumbs={[{ label: name, href }, { label: 'Delete' }]}>
      <PageHeader title={`Delete ${name}?`} />
      <ConfirmForm
        action={deleteSourceAction}
        customerId={visitor.membership.customerId}
        hidden={{ source_id: source.source_id }}
        confirmLabel="Delete source"
        pending="Deleting source…"
        cancelHref={href}
        word={name}
      >
        <ul className="flex list-disc flex-col gap-1 pl-5">
          <li>
            Its {formatPlural(write_keys.length, 'write key')} {write_keys.length === 1 ? 'stops' : 'stop'} working at
            once and {write_keys.length === 1 ? 'is' : 'are'} not given back.{' '}
            {last_event_at
              ? `The last event came ${formatRelative(last_event_at, visitor.ctx.clock())}.`
              : 'It has taken no event.'}
          </li>
          <li>Its pages here go: events, schema, discards and volume.</li>
          <li>
            The dataset <code className="wrap-anywhere">{dataset}</code> with its tables stays in BigQuery. A new source
            never gets it.
          </li>
        </ul>
      </ConfirmForm>
    </SourceFrame>
  );
}
