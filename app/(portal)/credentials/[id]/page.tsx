/** One credential as it is now: whether it works, what uses it, when its secret was stored. The secret itself is nowhere. */
import type { ReactNode } from 'react';
import { LinkButton } from '@/app/_ui/button';
import { Card } from '@/app/_ui/card';
import { formatCount, formatDate, formatInstant } from '@/app/_ui/format';
import { Link } from '@/app/_ui/link';
import { hrefWith } from '@/app/_ui/list-params';
import { Menu } from '@/app/_ui/menu';
import { PageHeader } from '@/app/_ui/page-header';
import { Time } from '@/app/_ui/time';
import { ActorName } from '@/app/(portal)/_shell/actor-name';
import { pageTitle } from '@/app/(portal)/_shell/visitor';
import { ConnectionCard } from '@/app/(portal)/credentials/_parts/connection-card';
import { CredentialExpiry } from '@/app/(portal)/credentials/_parts/credential-health';
import {
  CredentialFrame,
  type CredentialPageProps,
  credentialHref,
  credentialOr404,
  type FoundCredential,
} from '@/app/(portal)/credentials/_parts/credential-page';
import { credentialActions } from '@/app/(portal)/credentials/_parts/credential-table';
import { Told } from '@/app/(portal)/credentials/_parts/told';
import { UsedBy } from '@/app/(portal)/credentials/_parts/used-by';
import { Facts } from '@/app/(portal)/runs/_parts/facts';
import { kindRules, providerTitles } from '@/lib/domains/credentials/rules';
import { readAdmins } from '@/lib/domains/team/membership';
import { landing } from '@/lib/edge/portal/landing';
import { requireMember, visitorMay } from '@/lib/edge/portal/page';

export const generateMetadata = () => pageTitle('Credential');

export default async function CredentialDetailPage({ params }: CredentialPageProps) {
  const visitor = await requireMember();
  const credential = await credentialOr404(visitor, (await params).id);
  const { done } = await landing();
  const mayWrite = visitorMay(visitor, 'credentials:write');
  const admins = mayWrite ? [] : await readAdmins(visitor.membership.customerId);
  const now = visitor.ctx.clock();
  return (
    <CredentialFrame visitor={visitor} crumbs={[{ label: credential.name }]}>
      <PageHeader
        title={credential.name}
        sentence={`${providerTitles[credential.provider]}: ${kindRules[credential.kind].title}`}
        viewOnly={mayWrite ? undefined : { admins }}
        actions={mayWrite && <Actions credential={credential} />}
      />
      <div className="flex flex-col gap-4">
        <Told done={done} credential={credential} />
        <div className="grid items-start gap-4 lg:grid-cols-[minmax(0,3fr)_minmax(0,2fr)]">
          <div className="flex min-w-0 flex-col gap-4">
            <ConnectionCard
              credential={credential}
              now={now}
              customerId={visitor.membership.customerId}
              mayTest={mayWrite}
            />
            <SecretCard credential={credential} mayWrite={mayWrite} />
          </div>
          <div className="flex min-w-0 flex-col gap-4">
            <Card title={`Used by (${formatCount(credential.used_by.length + credential.repositories.length)})`}>
              <UsedBy configs={credential.used_by} repositories={credential.repositories} />
            </Card>
            <Card title="About">
              <Facts facts={aboutFacts(credential, now, visitorMay(visitor, 'audit:read'))} />
            </Card>
          </div>
        </div>
      </div>
    </CredentialFrame>
  );
}

function Actions({ credential }: { credential: FoundCredential }) {
  return (
    <>
      <LinkButton href={`${credentialHref(credential.credential_id)}/rotate`} icon="rotate-cw">
        Rotate…
      </LinkButton>
      <Menu name={`Actions for ${credential.name}`} items={credentialActions(credential)} />
    </>
  );
}

/** "Stored 3 Nov 2026, key id 9f2c": an id to tell secrets apart, never characters of one. */
function SecretCard({ credential, mayWrite }: { credential: FoundCredential; mayWrite: boolean }) {
  const { secret_stored_at, secret_hint, secret_version, previous_until, credential_id } = credential;
  const at = credentialHref(credential_id);
  return (
    <Card title="Secret">
      <p className="wrap-anywhere">
        Stored {formatDate(secret_stored_at)}, id <code>{secret_hint}</code>, version {formatCount(secret_version)}.
      </p>
      {previous_until && (
        <p className="text-warn">
          The version before can be fetched until {formatInstant(previous_until)}.{' '}
          {mayWrite && (
            <Link className="link" href={`${at}/end-overlap`}>
              End now
            </Link>
          )}
        </p>
      )}
      {mayWrite && (
        <div>
          <LinkButton href={`${at}/replace`}>Replace secret</LinkButton>
        </div>
      )}
    </Card>
  );
}

function aboutFacts(credential: FoundCredential, now: Date, mayAudit: boolean): [string, ReactNode][] {
  const at = (instant: Date | null) => <Time instant={instant} now={now} mode="absolute" />;
  const codes = (list: readonly string[]) =>
    list.length === 0 ? null : (
      <ul>
        {list.map(item => (
          <li key={item}>
            <code>{item}</code>
          </li>
        ))}
      </ul>
    );
  const { updated_by, project_id, account_id, region, last_used_at, usage_count, credential_id } = credential;
  return [
    ['Project', project_id],
    ['Account', account_id],
    ['Region', region],
    ['Expires', <CredentialExpiry key="expires" credential={credential} now={now} mode="absolute" />],
    [
      'Last fetched',
      <>
        {at(last_used_at)}
        {usage_count > 0 && `, ${formatCount(usage_count)} in all`}
      </>,
    ],
    ['Tested for', codes(credential.required_permissions)],
    ['Granted', codes(credential.scopes)],
    [
      'Added',
      <>
        {at(credential.created_at)} by <ActorName label={credential.created_by} />
      </>,
    ],
    [
      'Changed',
      updated_by && (
        <>
          {at(credential.updated_at)} by <ActorName label={updated_by} />
        </>
      ),
    ],
    ['Id', <code key="id">{credential_id}</code>],
    [
      'History',
      mayAudit && (
        <Link className="link" href={hrefWith('/audit', { target: 'credential' }, {})}>
          Changes in the audit log
        </Link>
      ),
    ],
  ];
}
