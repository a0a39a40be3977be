/** The setup steps on the Overview, for owners and admins, until all are done: that is said for a while, then nothing. */
import { Checklist } from '@/app/_ui/checklist';
import { Form } from '@/app/_ui/form';
import { Notice } from '@/app/_ui/notice';
import { SubmitButton } from '@/app/_ui/submit-button';
import { hideChecklistAction } from '@/app/(portal)/_overview/checklist-actions';
import { readSetup, type SetupStep } from '@/lib/domains/organizations/checklist';
import type { Visitor } from '@/lib/edge/portal/page';

const hrefs: Record<SetupStep, string> = {
  connect_credential: '/credentials/new',
  enable_provider: '/providers',
  create_key: '/keys/new',
  run_pipeline: '/docs/quickstart',
  invite: '/team/invite',
};

/** How long after the last step the line stands; the page stays without a write of its own. */
const saidForMs = 15 * 60_000;

export async function Setup({ visitor }: { visitor: Visitor }) {
  if (visitor.session.person.checklistHidden) return null;
  const { items, completedAt } = await readSetup(visitor.ctx);
  if (completedAt) {
    const isNew = visitor.ctx.clock().getTime() - completedAt.getTime() < saidForMs;
    return isNew && <Notice tone="ok">Setup is complete: runs, keys and people are in place.</Notice>;
  }
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
