/** Puts a new secret in the place of the stored one, at once. */
import { PageHeader } from '@/app/_ui/page-header';
import { pageTitle } from '@/app/(portal)/_shell/visitor';
import {
  CredentialFrame,
  type CredentialPageProps,
  credentialHref,
  credentialOr404,
  credentialWriter,
} from '@/app/(portal)/credentials/_parts/credential-page';
import { SecretForm } from '@/app/(portal)/credentials/_parts/secret-form';
import { replaceSecretAction } from '@/app/(portal)/credentials/actions';

export const generateMetadata = () => pageTitle('Replace secret');

export default async function ReplaceSecretPage({ params }: CredentialPageProps) {
  const writer = await credentialWriter('credential.edit', 'replace secrets');
  if ('refused' in writer) return writer.refused;
  const { visitor } = writer;
  const credential = await credentialOr404(visitor, (await params).id);
  const href = credentialHref(credential.credential_id);
  return (
    <CredentialFrame visitor={visitor} crumbs={[{ label: credential.name, href }, { label: 'Replace secret' }]}>
      <PageHeader
        title={`Replace the secret of ${credential.name}`}
        sentence="The old one is gone at once. To let workers move over, rotate it instead."
      />
      <SecretForm
        action={replaceSecretAction}
        kind={credential.kind}
        customerId={visitor.membership.customerId}
        known={credential}
        hidden={{ credential_id: credential.credential_id }}
        labels={{}}
        cancelHref={href}
      />
    </CredentialFrame>
  );
}
