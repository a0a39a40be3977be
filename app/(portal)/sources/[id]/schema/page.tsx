/** Schema of one source: its tables, or the columns of the table that the address names, and how they changed. */
import { CopyButton } from '@/app/_ui/copy-button';
import { FilterBar, type FilterField } from '@/app/_ui/filter-bar';
import { Link } from '@/app/_ui/link';
import { listParams } from '@/app/_ui/list-params';
import { Notice } from '@/app/_ui/notice';
import { pageTitle, timeMode } from '@/app/(portal)/_shell/visitor';
import { fromStart } from '@/app/(portal)/sources/_parts/from-start';
import {
  type SourcePageProps,
  SourceTabPage,
  sourceHref,
  sourceOr404,
} from '@/app/(portal)/sources/_parts/source-page';
import { SchemaChanges } from '@/app/(portal)/sources/[id]/schema/_parts/schema-changes';
import { SchemaColumns } from '@/app/(portal)/sources/[id]/schema/_parts/schema-columns';
import { SchemaTables } from '@/app/(portal)/sources/[id]/schema/_parts/schema-tables';
import { eventIngest } from '@/lib/domains/events/ingest';
import { listChanges } from '@/lib/domains/events/schema-reads/list-changes';
import { listTables } from '@/lib/domains/events/schema-reads/list-tables';
import { readTable, type TableDetail } from '@/lib/domains/events/schema-reads/read-table';
import { requireMember } from '@/lib/edge/portal/page';
import { type CustomerCtx, requireCustomer } from '@/lib/kernel/ctx';
import { env } from '@/lib/platform/env';
import { AppError } from '@/lib/platform/errors';

export const generateMetadata = () => pageTitle('Schema');

const fields: FilterField[] = [{ type: 'search', name: 'q', label: 'Search', placeholder: 'Part of a table’s name' }];

type Props = SourcePageProps & { searchParams: Promise<Record<string, string | string[] | undefined>> };

/** The table of the address; null where the source has none of this name. */
async function tableOf(ctx: CustomerCtx, id: string, name: string | undefined): Promise<TableDetail | null> {
  if (name === undefined) return null;
  return readTable(ctx, { table: name }, id).catch(error => {
    if (error instanceof AppError && error.status < 500) return null;
    throw error;
  });
}

export default async function SchemaPage({ params, searchParams }: Props) {
  const visitor = await requireMember();
  const ctx = requireCustomer(visitor.ctx);
  const source = await sourceOr404(visitor, (await params).id);
  const { table: name, q, after, changes: cursor } = listParams(await searchParams);
  const id = source.source_id;
  const path = `${sourceHref(id)}/schema`;
  const table = await tableOf(ctx, id, name);
  const search = q?.slice(0, 200);
  const [tables, changes] = await Promise.all([
    table ? null : fromStart(after, place => listTables(ctx, { q: search, after: place }, id)),
    fromStart(cursor, place => listChanges(ctx, { table: table?.name, after: place }, id)),
  ]);
  const look = { path, now: ctx.clock(), timeMode: timeMode(visitor) };
  return (
    <SourceTabPage visitor={visitor} source={source} tab="schema">
      {!eventIngest.managesTables() && (
        <Notice tone="warn">
          Tables are managed by hand: no table and no column is made here, and rows that do not fit are set aside with
          BigQuery’s error. We recommend automatic management; whoever runs this portal can switch it on.
        </Notice>
      )}
      {name && !table && <Notice tone="warn">This source has no table of that name. These are all of them.</Notice>}
      {table && (
        <>
          <p>
            <Link className="link" href={path}>
              All tables
            </Link>
          </p>
          <SchemaColumns table={table} projectId={env().GOOGLE_CLOUD_PROJECT} {...look} />
        </>
      )}
      {tables && (
        <>
          <DatasetCard dataset={source.dataset} />
          {(search || after || tables.tables.length > 0) && (
            <FilterBar path={path} params={{ q: search }} fields={fields} keep={[]} />
          )}
          <SchemaTables page={tables} params={{ q: search, after }} {...look} />
        </>
      )}
      <SchemaChanges page={changes} params={{ table: table?.name, changes: cursor }} withTable={!table} {...look} />
    </SourceTabPage>
  );
}

function DatasetCard({ dataset }: { dataset: string }) {
  const name = `${env().GOOGLE_CLOUD_PROJECT}.${dataset}`;
  return (
    <p className="flex flex-wrap items-center gap-2">
      <span className="text-muted">Dataset</span>
      <code className="wrap-anywhere">{name}</code>
      <CopyButton value={name} label="Copy name of the dataset" noun="name" />
    </p>
  );
}
