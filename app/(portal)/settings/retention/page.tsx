/** Settings → Data retention: for how many days rows of AI usage are kept, and what stays of older ones. */
import { TextField } from '@/app/_ui/field';
import { Form } from '@/app/_ui/form';
import { formatCount } from '@/app/_ui/format';
import { Notice } from '@/app/_ui/notice';
import { SubmitButton } from '@/app/_ui/submit-button';
import { SettingsFrame, settingsTitle } from '@/app/(portal)/settings/_parts/settings-frame';
import { keptSentence } from '@/app/(portal)/settings/retention/_parts/retention-words';
import { WhatHappens } from '@/app/(portal)/settings/retention/_parts/what-happens';
import { setRetentionAction } from '@/app/(portal)/settings/retention/actions';
import { readAdmins } from '@/lib/domains/team/membership';
import { filesAreArchived } from '@/lib/domains/traces/retention/retention-days';
import { readRetention } from '@/lib/domains/traces/retention/set-retention';
import { retentionDays } from '@/lib/domains/traces/rules';
import { landing } from '@/lib/edge/portal/landing';
import { requireMember, visitorMay } from '@/lib/edge/portal/page';
import { requireCustomer } from '@/lib/kernel/ctx';

export const generateMetadata = () => settingsTitle('retention');

export default async function RetentionPage() {
  const visitor = await requireMember();
  const ctx = requireCustomer(visitor.ctx);
  const mayWrite = visitorMay(visitor, 'organization:write');
  const { done } = await landing();
  const [{ keep_days: keepDays }, admins] = await Promise.all([
    readRetention(ctx, {}),
    mayWrite ? [] : readAdmins(ctx.customerId),
  ]);
  const kept = keptSentence(keepDays, ctx.clock());
  return (
    <SettingsFrame
      visitor={visitor}
      current="retention"
      sentence="How long rows of AI usage are kept."
      viewOnly={mayWrite ? undefined : { admins }}
    >
      <div className="flex max-w-form flex-col gap-6">
        {done === 'set' ? (
          <Notice tone="ok" closable>
            Saved. {kept}
          </Notice>
        ) : (
          <p className="font-medium">{kept}</p>
        )}
        {mayWrite && (
          <Form action={setRetentionAction} customerId={ctx.customerId} labels={{ keep_days: 'Days to keep' }}>
            <TextField
              name="keep_days"
              label="Days to keep"
              help={`A whole number from ${retentionDays.least} to ${formatCount(retentionDays.most)}. Empty keeps rows for ever. Fewer than now are confirmed first.`}
              defaultValue={keepDays ?? ''}
              inputMode="numeric"
              autoComplete="off"
            />
            <div>
              <SubmitButton pending="Saving…">Save</SubmitButton>
            </div>
          </Form>
        )}
        <section className="flex flex-col gap-2">
          <h2>What happens to older rows</h2>
          <WhatHappens isArchived={filesAreArchived()} />
        </section>
      </div>
    </SettingsFrame>
  );
}
