/** One API key as it is now: what it may do, when it was made, used and ended, and what can be done with it. */
import type { ReactNode } from 'react';
import { LinkButton } from '@/app/_ui/button';
import { Link } from '@/app/_ui/link';
import { Notice } from '@/app/_ui/notice';
import { PageHeader } from '@/app/_ui/page-header';
import { Time } from '@/app/_ui/time';
import { runsHref } from '@/app/(portal)/_runs/run-links';
import { ActorName } from '@/app/(portal)/_shell/actor-name';
import { CallersCard, CallsCard } from '@/app/(portal)/keys/_parts/calls-card';
import { KeyFrame, type KeyPageProps, keyOr404, keyTitle } from '@/app/(portal)/keys/_parts/key-page';
import { KeyExpiry, KeyStatusCell } from '@/app/(portal)/keys/_parts/key-status';
import { keyActions } from '@/app/(portal)/keys/_parts/key-table';
import { Told } from '@/app/(portal)/keys/_parts/told';
import { readKeyCalls } from '@/lib/domains/keys/read-calls';
import { tierRules } from '@/lib/domains/keys/rules';
import type { KeyView } from '@/lib/domains/keys/view';
import { readAdmins } from '@/lib/domains/team/membership';
import { landing } from '@/lib/edge/portal/landing';
import { requireMember, visitorMay } from '@/lib/edge/portal/page';
import { permissions } from '@/lib/kernel/permissions';

export const generateMetadata = () => keyTitle('API key');

type Props = KeyPageProps & { searchParams: Promise<{ gone?: string }> };

export default async function KeyDetailPage({ params, searchParams }: Props) {
  const visitor = await requireMember();
  const key = await keyOr404(visitor, (await params).id);
  const mayWrite = visitorMay(visitor, 'keys:write');
  const [admins, calls] = await Promise.all([
    mayWrite ? [] : readAdmins(visitor.membership.customerId),
    readKeyCalls(visitor.ctx, key.api_key_id),
  ]);
  const now = visitor.ctx.clock();
  const { gone } = await searchParams;
  const { done } = await landing();
  const mayRotate = mayWrite && key.status !== 'REVOKED' && key.replaced_by === null;
  return (
    <KeyFrame visitor={visitor} crumb={key.name}>
      <PageHeader
        title={key.name}
        viewOnly={mayWrite ? undefined : { admins }}
        actions={mayWrite && <Actions keyView={key} />}
      />
      <div className="flex flex-col gap-4">
        <Told done={done} keyView={key} />
        {gone && (
          <Notice
            tone="info"
            action={mayRotate && <LinkButton href={`/keys/${key.api_key_id}/rotate`}>Rotate</LinkButton>}
          >
            The key is no longer available. If you did not store it, rotate it.
          </Notice>
        )}
        <div className="grid items-start gap-4 lg:grid-cols-2">
          <Facts keyView={key} now={now} mayWrite={mayWrite} />
          <CallsCard days={calls.days} />
        </div>
        <CallersCard latest={calls.latest} now={now} />
      </div>
    </KeyFrame>
  );
}

function Actions({ keyView }: { keyView: KeyView }) {
  return keyActions(keyView).map(
    item =>
      item.type === 'link' && (
        <LinkButton key={item.href} variant={item.danger ? 'danger' : 'plain'} href={item.href} icon={item.icon}>
          {item.label}
        </LinkButton>
      ),
  );
}

function Facts({ keyView: key, now, mayWrite }: { keyView: KeyView; now: Date; mayWrite: boolean }) {
  const at = (instant: Date | null) => <Time instant={instant} now={now} mode="absolute" />;
  const facts: [term: string, value: ReactNode][] = [
    ['Status', <KeyStatusCell key="status" keyView={key} mayWrite={mayWrite} />],
    ['Key', <code key="key">{`${key.key_prefix}…${key.key_last4}`}</code>],
    [
      'Key id',
      <code key="id" className="wrap-anywhere">
        {key.api_key_id}
      </code>,
    ],
    ['Scopes', <Scopes key="scopes" scopes={key.scopes} />],
    ...(key.scopes.includes('credentials:read')
      ? [['Credentials', credentialsText(key.credential_ids)] as [string, ReactNode]]
      : []),
    ['Rate limit', tierRules[key.rate_limit_tier].description],
    [
      'Created',
      <>
        {at(key.created_at)} by <ActorName label={key.created_by} />
      </>,
    ],
    ['Last used', at(key.last_used_at)],
    [
      'Runs',
      <Link key="runs" className="link" href={runsHref({ key: key.api_key_id })}>
        Runs started with this key
      </Link>,
    ],
    ['Expires', <KeyExpiry key="expires" keyView={key} now={now} mode="absolute" />],
  ];
  if (key.rotated_from) facts.push(['Replaces', <OtherKey key="from" id={key.rotated_from} />]);
  if (key.replaced_by) facts.push(['Replaced by', <OtherKey key="by" id={key.replaced_by} />]);
  if (key.deactivated_at)
    facts.push([
      'Ended',
      <>
        {at(key.deactivated_at)} by <ActorName label={key.deactivated_by} />
        {key.deactivation_reason && `: ${key.deactivation_reason}`}
      </>,
    ]);
  return (
    <dl className="card grid gap-x-6 gap-y-3 p-4 sm:grid-cols-[8rem_1fr]">
      {facts.map(([term, value]) => (
        <div key={term} className="contents">
          <dt className="text-muted">{term}</dt>
          <dd className="wrap-anywhere min-w-0">{value}</dd>
        </div>
      ))}
    </dl>
  );
}

/** "All" or how many; the credentials themselves are named on their own pages. */
const credentialsText = (ids: readonly string[] | null): ReactNode =>
  ids === null ? 'All' : <BoundCredentials ids={ids} />;

const BoundCredentials = ({ ids }: { ids: readonly string[] }) => (
  <ul>
    {ids.map(id => (
      <li key={id}>
        <Link className="link" href={`/credentials/${encodeURIComponent(id)}`}>
          <code>{id}</code>
        </Link>
      </li>
    ))}
  </ul>
);

const OtherKey = ({ id }: { id: string }) => <ActorName label={`api_key:${id}`} isShort />;

function Scopes({ scopes }: { scopes: readonly string[] }) {
  const described: Record<string, { description: string }> = permissions;
  return (
    <ul className="flex flex-col gap-1">
      {scopes.map(scope => (
        <li key={scope}>
          <code>{scope}</code> <span className="text-muted">{described[scope]?.description}</span>
        </li>
      ))}
    </ul>
  );
}
