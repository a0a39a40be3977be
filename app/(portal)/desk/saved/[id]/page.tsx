/** Renames a saved query, changes its text, or deletes it. */
import { notFound } from 'next/navigation';
import { LinkButton } from '@/app/_ui/button';
import { ConfirmDialog } from '@/app/_ui/confirm-dialog';
import { TextArea, TextField } from '@/app/_ui/field';
import { Form } from '@/app/_ui/form';
import { SideCard, WithSide } from '@/app/_ui/side-column';
import { SubmitButton } from '@/app/_ui/submit-button';
import { exactly } from '@/app/_ui/time';
import { ActorName } from '@/app/(portal)/_shell/actor-name';
import { deniedPage } from '@/app/(portal)/_shell/denied-page';
import { pageTitle } from '@/app/(portal)/_shell/visitor';
import { DeskPage, deskRefusal } from '@/app/(portal)/desk/_parts/desk-page';
import { editorHref, savedHref } from '@/app/(portal)/desk/_parts/desk-words';
import { changeSavedQueryAction, deleteSavedQueryAction } from '@/app/(portal)/desk/actions';
import { listSavedQueries } from '@/lib/domains/desk/saved/saved-queries';
import { requireMember, visitorMay } from '@/lib/edge/portal/page';
import { requireCustomer } from '@/lib/kernel/ctx';

export const generateMetadata = () => pageTitle('Saved query');

const labels = { query_name: 'Name', sql: 'Query' };

export default async function SavedQueryPage({ params }: { params: Promise<{ id: string }> }) {
  const visitor = await requireMember();
  if (!visitorMay(visitor, 'desk:query')) return deniedPage(visitor, 'desk.change_saved_query', deskRefusal);
  const ctx = requireCustomer(visitor.ctx);
  const { id } = await params;
  const saved = (await listSavedQueries(ctx, {})).find(({ saved_query_id }) => saved_query_id === id);
  if (!saved) notFound();
  const form = { customerId: ctx.customerId, hidden: { saved_query_id: id } };
  return (
    <DeskPage
      visitor={visitor}
      crumbs={[{ label: 'Saved', href: savedHref }, { label: saved.query_name }]}
      title={saved.query_name}
      sentence="Its name and text, for everybody who may query."
      actions={<LinkButton href={editorHref({ saved: id })}>Open in the editor</LinkButton>}
    >
      <WithSide
        side={
          <SideCard
            title="Saved query"
            lines={[
              <>
                Made {exactly(saved.created_at)} by <ActorName label={saved.created_by} />.
              </>,
              <>
                Changed {exactly(saved.updated_at)} by <ActorName label={saved.updated_by} />.
              </>,
              'Saving bills nothing. The text is checked when it is run.',
            ]}
          />
        }
      >
        <Form action={changeSavedQueryAction} labels={labels} {...form}>
          <TextField
            name="query_name"
            label={labels.query_name}
            defaultValue={saved.query_name}
            required
            maxLength={100}
            autoComplete="off"
          />
          <TextArea name="sql" label={labels.sql} defaultValue={saved.sql} mono required rows={12} spellCheck={false} />
          <div className="flex flex-wrap gap-2">
            <SubmitButton pending="Saving query…">Save query</SubmitButton>
            <LinkButton variant="quiet" href={savedHref}>
              Cancel
            </LinkButton>
          </div>
        </Form>
        <div className="mt-6">
          <ConfirmDialog
            trigger="Delete…"
            title={`Delete ${saved.query_name}?`}
            confirmLabel="Delete query"
            pending="Deleting query…"
            action={deleteSavedQueryAction}
            {...form}
          >
            Nobody finds it any more. What it found before stays in the history of whoever ran it.
          </ConfirmDialog>
        </div>
      </WithSide>
    </DeskPage>
  );
}
