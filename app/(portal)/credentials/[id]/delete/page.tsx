/** Asks before a credential is deleted; where configs or repositories use it, says which. */
import { LinkButton } from '@/app/_ui/button';
import { ConfirmForm } from '@/app/_ui/confirm-dialog';
import { formatList, formatPlural, formatRelative } from '@/app/_ui/format';
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
  const { used_by, repositories, name, last_used_at } = credential;
  const uses = [
    ...(used_by.length > 0 ? [formatPlural(used_by.length, 'provider config')] : []),
    ...(repositories.length > 0 ? [formatPlural(repositories.length, 'repository', 'repositories')] : []),
  ];
  return (
    <CredentialFrame visitor={visitor} crumbs={[{ label: name, href }, { label: 'Delete' }]}>
      <PageHeader title={`Delete ${name}?`} />
      {uses.length > 0 ? (
        <div className="flex max-w-prose flex-col gap-4">
          <Notice tone="warn" title={`${name} is used by ${formatList(uses)}.`}>
            Give them another credential, or delete or disconnect them, and then delete this one.
          </Notice>
          <UsedBy configs={used_by} repositories={repositories} />
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
            No provider config and no repository uses it. This cannot be undone.
          </p>
        </ConfirmForm>
      )}
    </CredentialFrame>
  );
}
