/** Settings → Danger zone: leave, delete, and for a deleted organization restore. */
import { LinkButton } from '@/app/_ui/button';
import { Card } from '@/app/_ui/card';
import { Form } from '@/app/_ui/form';
import { formatDate } from '@/app/_ui/format';
import { Notice } from '@/app/_ui/notice';
import { SubmitButton } from '@/app/_ui/submit-button';
import { adminsOnlyPage } from '@/app/(portal)/_shell/denied-page';
import { SettingsFrame, settingsTitle } from '@/app/(portal)/settings/_parts/settings-frame';
import { restoreAction } from '@/app/(portal)/settings/danger/actions';
import { graceDays } from '@/lib/domains/customers/rules';
import { landing } from '@/lib/edge/portal/landing';
import { requireMember, type Visitor, visitorMay } from '@/lib/edge/portal/page';

export const generateMetadata = () => settingsTitle('danger');

function DeleteCard({ visitor }: { visitor: Visitor }) {
  const { deletionDueAt, customerId } = visitor.membership;
  const mayDelete = visitorMay(visitor, 'organization:delete');
  if (deletionDueAt)
    return (
      <Card title="Restore the organization">
        <p className="max-w-prose">
          It will be erased on {formatDate(deletionDueAt)} (UTC). Restored before, it is as it was: members, keys, runs
          and plan.
        </p>
        {mayDelete ? (
          <Form action={restoreAction} customerId={customerId}>
            <div>
              <SubmitButton pending="Restoring…">Restore organization</SubmitButton>
            </div>
          </Form>
        ) : (
          <p className="text-muted">Only an owner can restore it.</p>
        )}
      </Card>
    );
  return (
    <Card title="Delete the organization">
      <p className="max-w-prose">
        Runs are refused at once. For {graceDays} days an owner can restore the organization, then it is erased for
        good.
      </p>
      {mayDelete ? (
        <div>
          <LinkButton href="/settings/danger/delete" variant="danger">
            Delete organization…
          </LinkButton>
        </div>
      ) : (
        <p className="text-muted">Only an owner can delete it.</p>
      )}
    </Card>
  );
}

export default async function DangerPage() {
  const visitor = await requireMember();
  const { companyName, deletionDueAt } = visitor.membership;
  if (!visitorMay(visitor, 'organization:write'))
    return adminsOnlyPage(visitor, 'organization.open_danger_zone', 'open the danger zone');
  const { done } = await landing();
  return (
    <SettingsFrame visitor={visitor} current="danger" sentence="What cannot be undone, or not for long.">
      <div className="flex max-w-form flex-col gap-4">
        {done === 'restored' && !deletionDueAt && (
          <Notice tone="ok" closable>
            {companyName} is restored.
          </Notice>
        )}
        {done === 'deletion' && deletionDueAt && (
          <Notice tone="warn" closable>
            {companyName} will be erased on {formatDate(deletionDueAt)}. Until then an owner can restore it.
          </Notice>
        )}
        <Card title="Leave the organization">
          <p className="max-w-prose">You lose access at once. The organization and the keys you created stay.</p>
          <div>
            <LinkButton href="/team/leave">Leave organization…</LinkButton>
          </div>
        </Card>
        <DeleteCard visitor={visitor} />
      </div>
    </SettingsFrame>
  );
}
