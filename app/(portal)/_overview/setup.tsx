/** The setup steps on the Overview, until the person hides them. */
import { Checklist } from '@/app/_ui/checklist';
import { Form } from '@/app/_ui/form';
import { SubmitButton } from '@/app/_ui/submit-button';
import { hideChecklistAction } from '@/app/(portal)/_overview/checklist-actions';
import { readSetup, type SetupStep } from '@/lib/domains/organizations/checklist';
import type { Visitor } from '@/lib/edge/portal/page';

const hrefs: Record<SetupStep, string> = {
  connect_credential: '/credentials/new',
  enable_provider: '/providers',
  create_key: '/keys/new',
  run_pipeline: '/docs',
  invite: '/team/invite',
};

export async function Setup({ visitor }: { visitor: Visitor }) {
  if (visitor.session.person.checklistHidden) return null;
  const items = await readSetup(visitor.ctx);
  if (items.length === 0) return null;
  const hide = (
    <Form action={hideChecklistAction} customerId={visitor.membership.customerId} className="">
      <SubmitButton variant="quiet" pending="Hiding…">
        Hide
      </SubmitButton>
    </Form>
  );
  return <Checklist items={items.map(({ step, label, done }) => ({ label, done, href: hrefs[step] }))} hide={hide} />;
}
