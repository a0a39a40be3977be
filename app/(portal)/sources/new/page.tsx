/** Makes an event source: first its name, which gives the dataset, then what it takes. */
import type { ReactNode } from 'react';
import { LinkButton } from '@/app/_ui/button';
import { Form } from '@/app/_ui/form';
import { listParams } from '@/app/_ui/list-params';
import { Notice } from '@/app/_ui/notice';
import { PageHeader } from '@/app/_ui/page-header';
import { SubmitButton } from '@/app/_ui/submit-button';
import type { Search } from '@/app/(portal)/_shell/search-filter';
import { pageTitle } from '@/app/(portal)/_shell/visitor';
import { SourceFields, sourceLabels } from '@/app/(portal)/sources/_parts/source-fields';
import { SourceFrame, sourceWriter } from '@/app/(portal)/sources/_parts/source-page';
import { TablesHelp } from '@/app/(portal)/sources/_parts/tables-help';
import { createSourceAction } from '@/app/(portal)/sources/actions';
import { previewDataset } from '@/lib/domains/events/sources/preview-dataset';
import { requireCustomer } from '@/lib/kernel/ctx';
import { toAppError } from '@/lib/platform/errors';
import { newUuid } from '@/lib/platform/ids';

export const generateMetadata = () => pageTitle('Create source');

export default async function NewSourcePage({ searchParams }: { searchParams: Search }) {
  const writer = await sourceWriter('event_source.create', 'create event sources');
  if ('refused' in writer) return writer.refused;
  const { visitor } = writer;
  const name = listParams(await searchParams).name?.trim();
  const found =
    name === undefined ? null : await datasetOf(() => previewDataset(requireCustomer(visitor.ctx), { name }));
  return (
    <SourceFrame visitor={visitor} crumbs={[{ label: 'Create' }]}>
      <PageHeader
        title="Create source"
        sentence="A site, an app or a server that sends events by a Segment SDK. It gets a write key and a dataset of its own in BigQuery."
      />
      <div className="grid gap-x-10 gap-y-6 lg:grid-cols-[minmax(0,35rem)_minmax(0,1fr)]">
        {name !== undefined && found?.dataset ? (
          <Form
            action={createSourceAction}
            customerId={visitor.membership.customerId}
            idempotencyKey={newUuid()}
            labels={sourceLabels}
          >
            <SourceFields name={name} nameHelp={<DatasetHelp dataset={found.dataset} />} />
            <div className="flex flex-wrap gap-2">
              <SubmitButton pending="Creating source…">Create source</SubmitButton>
              <LinkButton variant="quiet" href="/sources">
                Cancel
              </LinkButton>
            </div>
          </Form>
        ) : (
          <NameForm name={name} problem={found?.problem} />
        )}
        <TablesHelp />
      </div>
    </SourceFrame>
  );
}

/** The dataset, or the sentence that says why there is none. */
async function datasetOf(
  ask: () => Promise<string | null>,
): Promise<{ dataset: string | null; problem: string | undefined }> {
  try {
    return { dataset: await ask(), problem: undefined };
  } catch (error) {
    const failure = toAppError(error);
    if (failure.code === 'internal') throw error;
    return { dataset: null, problem: failure.fields?.[0]?.message ?? failure.message };
  }
}

const DatasetHelp = ({ dataset }: { dataset: string }): ReactNode => (
  <>
    Its dataset in BigQuery will be <code className="wrap-anywhere">{dataset}</code>, and stays that also when the
    source is renamed.
  </>
);

/** A plain form that comes back to this page with the name in its address. */
function NameForm({ name, problem }: { name: string | undefined; problem: string | undefined }) {
  return (
    <form action="/sources/new" method="get" className="form">
      {problem && <Notice tone="bad">{problem}</Notice>}
      <div className="flex flex-col gap-1">
        <label htmlFor="source-name" className="font-medium">
          {sourceLabels.name}
        </label>
        <p id="source-name-help" className="text-muted">
          What sends the events, such as a site or an app. The dataset is named after it: “Production Site” gives{' '}
          <code>production_site</code>.
        </p>
        <input
          id="source-name"
          name="name"
          className="control"
          aria-describedby="source-name-help"
          aria-invalid={problem ? true : undefined}
          defaultValue={name}
          placeholder="Production Site"
          maxLength={80}
          required
          autoComplete="off"
        />
      </div>
      <div className="flex flex-wrap gap-2">
        <button type="submit" className="btn btn-primary">
          Continue
        </button>
        <LinkButton variant="quiet" href="/sources">
          Cancel
        </LinkButton>
      </div>
    </form>
  );
}
