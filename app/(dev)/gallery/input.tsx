/** Gallery: what takes input. */

import { Button, LinkButton } from '@/app/_ui/button';
import { Card } from '@/app/_ui/card';
import { ConfirmDialog } from '@/app/_ui/confirm-dialog';
import { CopyButton } from '@/app/_ui/copy-button';
import { CheckField, ChoiceGroup, SelectField, TextArea, TextField } from '@/app/_ui/field';
import { Form } from '@/app/_ui/form';
import { SubmitButton } from '@/app/_ui/submit-button';
import { createExampleKey, refuse, saveExample } from '@/app/(dev)/gallery/actions';

export function ButtonSection() {
  return (
    <Card title="Buttons">
      <div className="flex flex-wrap items-start gap-3">
        <Button variant="primary" icon="plus">
          Create key
        </Button>
        <Button>Cancel</Button>
        <Button variant="danger">Revoke key</Button>
        <Button variant="quiet">Hide</Button>
        <LinkButton href="https://example.com" external>
          Manage in Stripe
        </LinkButton>
        <CopyButton value="ty_live_4f2a" label="Copy key start" noun="key" />
        <Button disabledReason="Make someone else admin first.">Leave organization</Button>
      </div>
    </Card>
  );
}

const scopes = [
  { value: 'runs:write', label: 'runs:write', help: 'Start and report runs.' },
  { value: 'quota:read', label: 'quota:read', help: 'Read quota and use.' },
  { value: 'keys:write', label: 'keys:write', help: 'Not in your role.', disabled: true },
];

const expiries = [
  { value: '30', label: '30 days' },
  { value: '90', label: '90 days' },
  { value: 'never', label: 'Never' },
];

export function FormSection() {
  return (
    <div className="grid gap-8 lg:grid-cols-2">
      <Card title="Form with a secret">
        <Form
          action={createExampleKey}
          customerId="a"
          idempotencyKey="gallery"
          labels={{ name: 'Name', scopes: 'Scopes' }}
        >
          <TextField name="name" label="Name" help="Where will it be used?" maxLength={80} autoComplete="off" />
          <ChoiceGroup name="scopes" label="Scopes" options={scopes} />
          <SelectField name="expires" label="Expires" options={expiries} defaultValue="90" />
          <TextField name="from" type="date" label="Not before" optional />
          <CheckField name="notify" label="Mail me before it expires" defaultChecked />
          <div>
            <SubmitButton pending="Creating key…">Create key</SubmitButton>
          </div>
        </Form>
      </Card>
      <Card title="Form that is done">
        <Form action={saveExample}>
          <TextField name="organization" label="Name" defaultValue="Acme" />
          <TextField name="email" label="Email" defaultValue="mia@acme.example" readOnly help="Comes from Google." />
          <ChoiceGroup
            name="theme"
            type="radio"
            label="Theme"
            defaultValues={['system']}
            options={[
              { value: 'system', label: 'Same as system' },
              { value: 'dark', label: 'Dark' },
            ]}
          />
          <TextArea name="note" label="Note" optional />
          <div>
            <SubmitButton pending="Saving…">Save</SubmitButton>
          </div>
        </Form>
      </Card>
    </div>
  );
}

export function DialogSection() {
  return (
    <Card title="Confirmation">
      <div className="flex flex-wrap gap-3">
        <ConfirmDialog
          trigger="Revoke key…"
          title="Revoke ci-loader?"
          confirmLabel="Revoke key"
          pending="Revoking key…"
          word="ci-loader"
          action={refuse}
        >
          Requests with this key fail at once. Last used 6 min ago from 1 address.
        </ConfirmDialog>
        <ConfirmDialog
          trigger="Remove member…"
          title="Remove Jo Lind?"
          confirmLabel="Remove member"
          pending="Removing…"
          action={refuse}
        >
          Jo loses access at once. Keys created by Jo keep working (2).
        </ConfirmDialog>
      </div>
    </Card>
  );
}
