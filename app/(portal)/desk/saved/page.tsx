/** Query desk → Saved: queries that the organization keeps by name. */
import { LinkButton } from '@/app/_ui/button';
import { type Column, DataTable } from '@/app/_ui/data-table';
import { Link } from '@/app/_ui/link';
import { Notice } from '@/app/_ui/notice';
import { EmptyState } from '@/app/_ui/states';
import { Time } from '@/app/_ui/time';
import { ActorName } from '@/app/(portal)/_shell/actor-name';
import { deniedPage } from '@/app/(portal)/_shell/denied-page';
import { pageTitle, timeMode } from '@/app/(portal)/_shell/visitor';
import { DeskPage, deskRefusal } from '@/app/(portal)/desk/_parts/desk-page';
import { deskHref, editorHref, firstLine, savedQueryHref } from '@/app/(portal)/desk/_parts/desk-words';
import { mostSavedQueries } from '@/lib/domains/desk/rules';
import { listSavedQueries, type SavedQueryView } from '@/lib/domains/desk/saved/saved-queries';
import { landing } from '@/lib/edge/portal/landing';
import { requireMember, visitorMay } from '@/lib/edge/portal/page';
import { requireCustomer } from '@/lib/kernel/ctx';

export const generateMetadata = () => pageTitle('Saved queries');

const sentences: Record<string, string> = {
  saved: 'The query is saved. Everybody who may query finds it here.',
  changed: 'The saved query is changed.',
  deleted: 'The saved query is deleted. What it found before stays in the history.',
};

type Look = { now: Date; mode: 'relative' | 'absolute' };

const columns = ({ now, mode }: Look): Column<SavedQueryView>[] => [
  {
    id: 'name',
    head: 'Name',
    priority: 'name',
    cell: ({ saved_query_id, query_name }) => (
      <Link className="link wrap-anywhere" href={editorHref({ saved: saved_query_id })}>
        {query_name}
      </Link>
    ),
  },
  {
    id: 'text',
    head: 'Query',
    cell: ({ sql }) => <code className="block max-w-96 truncate">{firstLine(sql)}</code>,
  },
  { id: 'changed', head: 'Changed', cell: one => <Time instant={one.updated_at} now={now} mode={mode} /> },
  { id: 'by', head: 'By', cell: ({ updated_by }) => <ActorName label={updated_by} /> },
];

export default async function SavedPage() {
  const visitor = await requireMember();
  if (!visitorMay(visitor, 'desk:query')) return deniedPage(visitor, 'desk.run_query', deskRefusal);
  const ctx = requireCustomer(visitor.ctx);
  const saved = await listSavedQueries(ctx, {});
  const { done = '' } = await landing();
  const sentence = Object.hasOwn(sentences, done) ? sentences[done] : undefined;
  return (
    <DeskPage
      visitor={visitor}
      current="saved"
      crumbs={[{ label: 'Saved' }]}
      title="Saved queries"
      sentence="Queries that the organization keeps by name. A name opens its text in the editor."
    >
      <div className="flex flex-col gap-4">
        {sentence && (
          <Notice tone="ok" closable>
            {sentence}
          </Notice>
        )}
        <DataTable
          caption="Saved queries"
          columns={columns({ now: ctx.clock(), mode: timeMode(visitor) })}
          rows={saved}
          rowKey={({ saved_query_id }) => saved_query_id}
          actions={({ saved_query_id, query_name }) => (
            <Link
              className="btn btn-quiet"
              href={savedQueryHref(saved_query_id)}
              aria-label={`Change… the saved query ${query_name}`}
            >
              Change…
            </Link>
          )}
          empty={
            <EmptyState
              icon="copy"
              title="No saved queries yet."
              action={<LinkButton href={deskHref}>Ask a query</LinkButton>}
            >
              Run a query and choose Save on its page.
            </EmptyState>
          }
        />
        {saved.length > 0 && (
          <p className="text-table text-muted">
            {saved.length} of at most {mostSavedQueries}. Whoever may query may change them.
          </p>
        )}
      </div>
    </DeskPage>
  );
}
