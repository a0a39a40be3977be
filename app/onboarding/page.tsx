/** Onboarding, step 1: what the organization is called. */
import type { Metadata } from 'next';
import { TextField } from '@/app/_ui/field';
import { Form } from '@/app/_ui/form';
import { SubmitButton } from '@/app/_ui/submit-button';
import { readDraft } from '@/app/onboarding/_parts/draft';
import { Step } from '@/app/onboarding/_parts/step';
import { nameAction } from '@/app/onboarding/actions';
import { requirePerson } from '@/lib/edge/portal/page';

export const metadata: Metadata = { title: 'Open an organization · Tenantry' };

export default async function OrganizationNamePage() {
  const { session } = await requirePerson();
  const draft = await readDraft(session.person.userId);
  return (
    <Step session={session} step={1} title="Open an organization" sentence="Your team, keys and runs live in it.">
      <Form action={nameAction} labels={{ company_name: 'Organization name' }}>
        <TextField
          name="company_name"
          label="Organization name"
          help="As your people know it, in any script. You can change it later."
          defaultValue={draft?.companyName}
          autoComplete="organization"
          required
        />
        <div>
          <SubmitButton pending="Checking…">Continue</SubmitButton>
        </div>
      </Form>
    </Step>
  );
}
