/** Changes a source, and turns it off or on. */
import { LinkButton } from '@/app/_ui/button';
import { Card } from '@/app/_ui/card';
import { Form } from '@/app/_ui/form';
import { PageHeader } from '@/app/_ui/page-header';
import { SubmitButton } from '@/app/_ui/submit-button';
import { pageTitle } from '@/app/(portal)/_shell/visitor';
import { SourceFields, sourceLabels } from '@/app/(portal)/sources/_parts/source-fields';
import {
  SourceFrame,
  type SourcePageProps,
  sourceHref,
  sourceOr404,
  sourceWriter,
} from '@/app/(portal)/sources/_parts/source-page';
import { editSourceAction, switchSourceAction } from '@/app/(portal)/sources/actions';
import type { SourceView } from '@/lib/domains/events/view';

export const generateMetadata = () => pageTitle('Edit source');

export default async function EditSourcePage({ params }: SourcePageProps) {
  const writer = await sourceWriter('event_source.edit', 'edit event sources');
  if ('refused' in writer) return writer.refused;
  const { visitor } = writer;
  const source = await sourceOr404(visitor, (await params).id);
  const href = sourceHref(source.source_id);
  const { customerId } = visitor.membership;
  return (
    <SourceFrame visitor={visitor} crumbs={[{ label: source.name, href }, { label: 'Edit' }]}>
      <PageHeader title={`Edit ${source.name}`} />
      <div className="grid gap-x-10 gap-y-6 lg:grid-cols-[minmax(0,35rem)_minmax(0,1fr)]">
        <Form
          action={editSourceAction}
          customerId={customerId}
          hidden={{ source_id: source.source_id }}
          labels={sourceLabels}
        >
          <SourceFields known={source} nameHelp={`The dataset stays ${source.dataset}.`} />
          <div className="flex flex-wrap gap-2">
            <SubmitButton pending="Saving…">Save changes</SubmitButton>
            <LinkButton variant="quiet" href={href}>
              Cancel
            </LinkButton>
          </div>
        </Form>
        <div className="self-start">
          <SwitchCard source={source} customerId={customerId} />
        </div>
      </div>
    </SourceFrame>
  );
}

function SwitchCard({ source: { source_id, is_enabled }, customerId }: { source: SourceView; customerId: string }) {
  return (
    <Card title={is_enabled ? 'Turn off' : 'Turn on'}>
      <p className="text-muted">
        {is_enabled
          ? 'A source that is off refuses its events with 403; SDKs drop what is refused. Keys, tables and what was taken stay.'
          : 'Events are refused with 403 now. Its keys work again once it is on.'}
      </p>
      <Form action={switchSourceAction} customerId={customerId} hidden={{ source_id, to: is_enabled ? 'off' : 'on' }}>
        <div>
          <SubmitButton variant="plain" pending={is_enabled ? 'Turning off…' : 'Turning on…'}>
            {is_enabled ? 'Turn off' : 'Turn on'}
          </SubmitButton>
        </div>
      </Form>
    </Card>
  );
}
