/** Asks before a credential is deleted; where configs use it, says which. */
import { LinkButton } from '@/app/_ui/button';
import { ConfirmForm } from '@/app/_ui/confirm-dialog';
import { formatPlural, formatRelative } from '@/app/_ui/format';
import { Notice } from '@/app/_ui/notice';
import { PageHeader } from '@/app/_ui/page-header';
import { pageTitle } from '@/app/(portal)/_shell/visitor';
import {
  CredentialFrame,
  type CredentialPageProps,
  credentialHref,
  credentialOr404,
  credentialWriter,
} from '@/app/(portal)/credentials/_parts/credential-page';
import { UsedBy } from '@/app/(portal)/credentials/_parts/used-by';
import { deleteCredentialAction } from '@/app/(portal)/credentials/actions';

export const generateMetadata = () => pageTitle('Delete credential');

export default async function DeleteCredentialPage({ params }: CredentialPageProps) {
  const writer = await credentialWriter('credential.delete', 'delete credentials');
  if ('refused' in writer) return writer.refused;
  const { visitor } = writer;
  const credential = await credentialOr404(visitor, (await params).id);
  const href = credentialHref(credential.credential_id);
  const { used_by, name, last_used_at } = credential;
  return (
    <CredentialFrame visitor={visitor} crumbs={[{ label: name, href }, { label: 'Delete' }]}>
      <PageHeader title={`Delete ${name}?`} />
      {used_by.length > 0 ? (
        <div className="flex max-w-prose flex-col gap-4">
          <Notice tone="warn" title={`${name} is used by ${formatPlural(used_by.length, 'provider config')}.`}>
            Give them another credential, or delete them, and then delete this one.
          </Notice>
          <UsedBy configs={used_by} />
          <div>
            <LinkButton href={href}>Back to the credential</LinkButton>
          </div>
        </div>
      ) : (
        <ConfirmForm
          action={deleteCredentialAction}
          customerId={visitor.membership.customerId}
          hidden={{ credential_id: credential.credential_id }}
          confirmLabel="Delete credential"
          pending="Deleting credential…"
          cancelHref={href}
          word={name}
        >
          <p>
            The secret is wiped and workers that ask for it get nothing, at once.{' '}
            {last_used_at
              ? `Last fetched ${formatRelative(last_used_at, visitor.ctx.clock())}.`
              : 'It was never fetched.'}{' '}
            No provider config uses it. This cannot be undone.
          </p>
        </ConfirmForm>
      )}
    </CredentialFrame>
  );
}
