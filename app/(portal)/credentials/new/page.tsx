/** Stores a credential: first the kind, then its form. */

import { TextField } from '@/app/_ui/field';
import { Icon } from '@/app/_ui/icon';
import { Link } from '@/app/_ui/link';
import { PageHeader } from '@/app/_ui/page-header';
import { SideCard, WithSide } from '@/app/_ui/side-column';
import { RecentChanges } from '@/app/(portal)/_shell/recent-changes';
import { pageTitle } from '@/app/(portal)/_shell/visitor';
import { whoCan } from '@/app/(portal)/_shell/who-can';
import { CredentialFrame, credentialWriter } from '@/app/(portal)/credentials/_parts/credential-page';
import { kindTexts } from '@/app/(portal)/credentials/_parts/kind-texts';
import { PermissionField, permissionLabel } from '@/app/(portal)/credentials/_parts/permission-field';
import { SecretForm } from '@/app/(portal)/credentials/_parts/secret-form';
import { kindOf } from '@/app/(portal)/credentials/_parts/secret-values';
import { createCredentialAction } from '@/app/(portal)/credentials/actions';
import {
  type CredentialKind,
  credentialKinds,
  kindRules,
  maxCredentials,
  providerTitles,
} from '@/lib/domains/credentials/rules';
import type { Visitor } from '@/lib/edge/portal/page';

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
      {kind ? <KindForm kind={kind} visitor={visitor} /> : <KindChoice />}
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

function KindForm({ kind, visitor }: { kind: CredentialKind; visitor: Visitor }) {
  const { customerId } = visitor.membership;
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
      <WithSide
        side={
          <>
            <SideCard
              title="Credentials"
              lines={[
                whoCan('credentials:write', 'add and rotate credentials'),
                'The secret is sealed with a key of its own and never shown again; only workers with the scope for it fetch it.',
                'The connection test signs in once, reads nothing of yours and says what is missing.',
                'Rotate before it expires: the old secret can go on for a while.',
                `Up to ${maxCredentials} credentials.`,
              ]}
            />
            <RecentChanges visitor={visitor} target="credential" />
          </>
        }
      >
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
      </WithSide>
    </>
  );
}
