/** Stores a credential: first the kind, then its form. */

import { TextField } from '@/app/_ui/field';
import { Icon } from '@/app/_ui/icon';
import { Link } from '@/app/_ui/link';
import { PageHeader } from '@/app/_ui/page-header';
import { pageTitle } from '@/app/(portal)/_shell/visitor';
import { CredentialFrame, credentialWriter } from '@/app/(portal)/credentials/_parts/credential-page';
import { kindTexts } from '@/app/(portal)/credentials/_parts/kind-texts';
import { PermissionField, permissionLabel } from '@/app/(portal)/credentials/_parts/permission-field';
import { SecretForm } from '@/app/(portal)/credentials/_parts/secret-form';
import { kindOf } from '@/app/(portal)/credentials/_parts/secret-values';
import { createCredentialAction } from '@/app/(portal)/credentials/actions';
import { type CredentialKind, credentialKinds, kindRules, providerTitles } from '@/lib/domains/credentials/rules';

export const generateMetadata = () => pageTitle('Add credential');

type Props = { searchParams: Promise<{ kind?: string | string[] }> };

export default async function NewCredentialPage({ searchParams }: Props) {
  const writer = await credentialWriter('credential.create', 'add credentials');
  if ('refused' in writer) return writer.refused;
  const { visitor } = writer;
  const asked = (await searchParams).kind;
  const kind = kindOf(Array.isArray(asked) ? asked[0] : asked);
  return (
    <CredentialFrame visitor={visitor} crumbs={[{ label: 'Add' }]}>
      {kind ? <KindForm kind={kind} customerId={visitor.membership.customerId} /> : <KindChoice />}
    </CredentialFrame>
  );
}

function KindChoice() {
  return (
    <>
      <PageHeader title="Add credential" sentence="What shall pipelines sign in with?" />
      <ul className="grid gap-4 sm:grid-cols-2 lg:grid-cols-3">
        {credentialKinds.map(kind => (
          <li key={kind}>
            <Link className="card card-link flex h-full flex-col gap-1 p-4" href={`/credentials/new?kind=${kind}`}>
              <span className="flex items-center justify-between gap-2 font-semibold">
                {providerTitles[kindRules[kind].provider]}
                <Icon name="chevron-right" className="text-muted" />
              </span>
              <span>{kindRules[kind].title}</span>
              <span className="text-muted">{kindTexts[kind].summary}</span>
            </Link>
          </li>
        ))}
      </ul>
    </>
  );
}

function KindForm({ kind, customerId }: { kind: CredentialKind; customerId: string }) {
  const { provider, title } = kindRules[kind];
  return (
    <>
      <PageHeader
        title={`Add credential for ${providerTitles[provider]}`}
        sentence={
          <>
            {title}.{' '}
            <Link className="link" href="/credentials/new">
              Choose another kind
            </Link>
          </>
        }
      />
      <SecretForm
        action={createCredentialAction}
        kind={kind}
        customerId={customerId}
        labels={{ name: 'Name', ...permissionLabel }}
        cancelHref="/credentials"
        before={
          <TextField
            name="name"
            label="Name"
            help="By which your team knows it."
            placeholder={`${provider.toLowerCase()}-production`}
            maxLength={80}
            required
            autoComplete="off"
          />
        }
        after={<PermissionField kind={kind} />}
      />
    </>
  );
}
