/** Creates an API key; the answer to the form shows it, once. */

import { LinkButton } from '@/app/_ui/button';
import { SelectField, TextField } from '@/app/_ui/field';
import { Form } from '@/app/_ui/form';
import { Link } from '@/app/_ui/link';
import { PageHeader } from '@/app/_ui/page-header';
import { SideCard, WithSide } from '@/app/_ui/side-column';
import { SubmitButton } from '@/app/_ui/submit-button';
import { RecentChanges } from '@/app/(portal)/_shell/recent-changes';
import { whoCan } from '@/app/(portal)/_shell/who-can';
import { allCredentials } from '@/app/(portal)/credentials/_parts/all-credentials';
import { KeyFrame, keyTitle, keyWriter } from '@/app/(portal)/keys/_parts/key-page';
import { ScopeFields } from '@/app/(portal)/keys/_parts/scope-fields';
import { createKeyAction } from '@/app/(portal)/keys/actions';
import { providerTitles } from '@/lib/domains/credentials/rules';
import {
  adminTiers,
  customPreset,
  defaultExpiryDays,
  expiresSoonDays,
  expiryDayChoices,
  keyPresets,
  presetRules,
  scopeGroups,
  tierRules,
} from '@/lib/domains/keys/rules';
import { permissions } from '@/lib/kernel/permissions';
import { newUuid } from '@/lib/platform/ids';

export const generateMetadata = () => keyTitle('Create API key');

const presetOptions = [
  ...keyPresets.map(preset => ({
    value: preset,
    label: presetRules[preset].label,
    help: presetRules[preset].description,
  })),
  { value: customPreset, label: 'Custom', help: 'Choose each scope.' },
];
const groups = scopeGroups.map(({ subject, scopes }) => ({
  subject,
  options: scopes.map(scope => ({ value: scope, label: scope, help: permissions[scope].description })),
}));
const expiryOptions = [
  ...expiryDayChoices.map(days => ({ value: String(days), label: `In ${days} days` })),
  { value: 'date', label: 'On a date' },
  { value: 'never', label: 'Never' },
];
const tierOptions = adminTiers.map(tier => ({ value: tier, label: tierRules[tier].description }));
const labels = {
  name: 'Name',
  preset: 'What it may do',
  scopes: 'Scopes',
  credential_ids: 'Credentials',
  expires_at: 'Expires',
  expires_on: 'Date',
  rate_limit_tier: 'Rate limit',
};

export default async function NewKeyPage() {
  const writer = await keyWriter('api_key.create', 'create API keys');
  if ('refused' in writer) return writer.refused;
  const { visitor } = writer;
  const credentials = await allCredentials(visitor.ctx);
  return (
    <KeyFrame visitor={visitor} crumb="Create">
      <PageHeader title="Create API key" sentence="You see the key once, right after it is created." />
      <WithSide
        side={
          <>
            <SideCard
              title="Keys"
              lines={[
                whoCan('keys:write', 'create, rotate and revoke keys'),
                'Only what tells the key apart is stored: its first signs and its last four. A lost key is rotated.',
                'A rotated key can work on for up to 7 days, so that nothing stops.',
                `A key ends by itself on the day you choose; a warning stands at it ${expiresSoonDays} days before.`,
                <>
                  How to send it:{' '}
                  <Link className="link" href="/docs">
                    API docs
                  </Link>
                  .
                </>,
              ]}
            />
            <RecentChanges visitor={visitor} target="api_key" />
          </>
        }
      >
        <Form
          action={createKeyAction}
          customerId={visitor.membership.customerId}
          idempotencyKey={newUuid()}
          labels={labels}
        >
          <TextField
            name="name"
            label="Name"
            help="Where will it be used?"
            placeholder="ci-loader"
            maxLength={80}
            required
            autoComplete="off"
          />
          <ScopeFields
            presets={presetOptions}
            groups={groups}
            defaultScopes={['runs:write', 'quota:read']}
            credentials={credentials.map(({ credential_id, name, provider }) => ({
              value: credential_id,
              label: name,
              help: providerTitles[provider],
            }))}
          />
          <div className="group/expiry flex flex-col gap-4">
            <SelectField
              name="expires_at"
              label="Expires"
              options={expiryOptions}
              defaultValue={String(defaultExpiryDays)}
            />
            <div className="group-has-[option:checked:not([value=date])]/expiry:hidden">
              <TextField
                name="expires_on"
                type="date"
                label="Date"
                help="The key works to the end of that day (UTC)."
              />
            </div>
          </div>
          <SelectField name="rate_limit_tier" label="Rate limit" options={tierOptions} defaultValue="STANDARD" />
          <div className="flex flex-wrap gap-2">
            <SubmitButton pending="Creating key…">Create key</SubmitButton>
            <LinkButton href="/keys">Cancel</LinkButton>
          </div>
        </Form>
      </WithSide>
    </KeyFrame>
  );
}
