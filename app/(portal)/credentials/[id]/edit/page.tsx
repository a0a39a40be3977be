/** Changes what is known of a credential; its secret stays. */
import { LinkButton } from '@/app/_ui/button';
import { TextField } from '@/app/_ui/field';
import { Form } from '@/app/_ui/form';
import { PageHeader } from '@/app/_ui/page-header';
import { SubmitButton } from '@/app/_ui/submit-button';
import { pageTitle } from '@/app/(portal)/_shell/visitor';
import {
  CredentialFrame,
  type CredentialPageProps,
  credentialHref,
  credentialOr404,
  credentialWriter,
} from '@/app/(portal)/credentials/_parts/credential-page';
import { PermissionField, permissionLabel } from '@/app/(portal)/credentials/_parts/permission-field';
import { editCredentialAction } from '@/app/(portal)/credentials/actions';

export const generateMetadata = () => pageTitle('Edit credential');

export default async function EditCredentialPage({ params }: CredentialPageProps) {
  const writer = await credentialWriter('credential.edit', 'edit credentials');
  if ('refused' in writer) return writer.refused;
  const { visitor } = writer;
  const credential = await credentialOr404(visitor, (await params).id);
  const href = credentialHref(credential.credential_id);
  return (
    <CredentialFrame visitor={visitor} crumbs={[{ label: credential.name, href }, { label: 'Edit' }]}>
      <PageHeader title={`Edit ${credential.name}`} sentence="The secret stays as it is." />
      <Form
        action={editCredentialAction}
        customerId={visitor.membership.customerId}
        hidden={{ credential_id: credential.credential_id }}
        labels={{ name: 'Name', expires_on: 'Expires', ...permissionLabel }}
      >
        <TextField name="name" label="Name" defaultValue={credential.name} maxLength={80} required autoComplete="off" />
        <TextField
          name="expires_on"
          type="date"
          label="Expires"
          optional
          defaultValue={credential.expires_at?.toISOString().slice(0, 10)}
          help="The last day (UTC) on which the provider takes it; leave it empty for never."
        />
        <PermissionField kind={credential.kind} current={credential.required_permissions} />
        <div className="flex flex-wrap gap-2">
          <SubmitButton pending="Saving…">Save changes</SubmitButton>
          <LinkButton href={href}>Cancel</LinkButton>
        </div>
      </Form>
    </CredentialFrame>
  );
}
