/** Asks before the secret from before a rotation can no longer be fetched. */
import { redirect } from 'next/navigation';
import { ConfirmForm } from '@/app/_ui/confirm-dialog';
import { formatInstant } from '@/app/_ui/format';
import { PageHeader } from '@/app/_ui/page-header';
import { pageTitle } from '@/app/(portal)/_shell/visitor';
import {
  CredentialFrame,
  type CredentialPageProps,
  credentialHref,
  credentialOr404,
  credentialWriter,
} from '@/app/(portal)/credentials/_parts/credential-page';
import { endOverlapAction } from '@/app/(portal)/credentials/actions';

export const generateMetadata = () => pageTitle('End overlap');

export default async function EndOverlapPage({ params }: CredentialPageProps) {
  const writer = await credentialWriter('credential.end_overlap', 'end overlaps');
  if ('refused' in writer) return writer.refused;
  const { visitor } = writer;
  const credential = await credentialOr404(visitor, (await params).id);
  const href = credentialHref(credential.credential_id);
  if (!credential.previous_until) redirect(href);
  return (
    <CredentialFrame visitor={visitor} crumbs={[{ label: credential.name, href }, { label: 'End overlap' }]}>
      <PageHeader title={`End the overlap of ${credential.name} now?`} />
      <ConfirmForm
        action={endOverlapAction}
        customerId={visitor.membership.customerId}
        hidden={{ credential_id: credential.credential_id }}
        confirmLabel="End overlap"
        pending="Ending overlap…"
        cancelHref={href}
      >
        <p>
          The secret before the last rotation could be fetched until {formatInstant(credential.previous_until)}. It is
          wiped at once; the new one goes on.
        </p>
      </ConfirmForm>
    </CredentialFrame>
  );
}
