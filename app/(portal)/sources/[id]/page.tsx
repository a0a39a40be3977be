/** Setup of one source: its write keys, what to paste where, and whether the first event has come. */
import type { ReactNode } from 'react';
import { Card } from '@/app/_ui/card';
import { formatPlural } from '@/app/_ui/format';
import { listParams } from '@/app/_ui/list-params';
import { Notice } from '@/app/_ui/notice';
import { StatusBadge } from '@/app/_ui/status-badge';
import { Time } from '@/app/_ui/time';
import { ActorName } from '@/app/(portal)/_shell/actor-name';
import { pageTitle } from '@/app/(portal)/_shell/visitor';
import { Facts } from '@/app/(portal)/runs/_parts/facts';
import { type SourcePageProps, SourceTabPage, sourceOr404 } from '@/app/(portal)/sources/_parts/source-page';
import { FirstEventCard } from '@/app/(portal)/sources/[id]/_parts/first-event';
import { SnippetCard } from '@/app/(portal)/sources/[id]/_parts/snippet-card';
import { sdkOf } from '@/app/(portal)/sources/[id]/_parts/snippets';
import { Told } from '@/app/(portal)/sources/[id]/_parts/told';
import { WriteKeysCard } from '@/app/(portal)/sources/[id]/_parts/write-keys-card';
import { listTail } from '@/lib/domains/events/receipts/list-tail';
import type { SourceView } from '@/lib/domains/events/view';
import { landing } from '@/lib/edge/portal/landing';
import { requireMember, visitorMay } from '@/lib/edge/portal/page';
import { requireCustomer } from '@/lib/kernel/ctx';
import { dataPlaneUrl } from '@/lib/platform/env';

export const generateMetadata = () => pageTitle('Event source');

type Props = SourcePageProps & { searchParams: Promise<Record<string, string | string[] | undefined>> };

export default async function SourceSetupPage({ params, searchParams }: Props) {
  const visitor = await requireMember();
  const source = await sourceOr404(visitor, (await params).id);
  const { sdk } = listParams(await searchParams);
  const { done } = await landing();
  const mayWrite = visitorMay(visitor, 'events:write');
  const ctx = requireCustomer(visitor.ctx);
  const [latest = null] = (await listTail(ctx, { source_id: source.source_id, limit: 1 })).events;
  const now = ctx.clock();
  const [current] = source.write_keys;
  return (
    <SourceTabPage visitor={visitor} source={source} tab="setup">
      <Told done={done} source={source} customerId={visitor.membership.customerId} mayWrite={mayWrite} />
      {!source.is_enabled && done !== 'off' && (
        <Notice tone="warn">This source is off: its events are refused with 403.</Notice>
      )}
      <div className="grid items-start gap-4 lg:grid-cols-[minmax(0,3fr)_minmax(0,2fr)]">
        <div className="flex min-w-0 flex-col gap-4">
          <WriteKeysCard source={source} now={now} mayWrite={mayWrite} />
          {current && (
            <SnippetCard
              sourceId={source.source_id}
              sdk={sdkOf(sdk)}
              where={{ writeKey: current.write_key, address: dataPlaneUrl() }}
            />
          )}
        </div>
        <div className="flex min-w-0 flex-col gap-4">
          <FirstEventCard source={source} latest={latest} now={now} />
          <Card title="About">
            <Facts facts={aboutFacts(source, now)} />
          </Card>
        </div>
      </div>
    </SourceTabPage>
  );
}

function aboutFacts(source: SourceView, now: Date): [string, ReactNode][] {
  const { allowed_origins, created_at, created_by, updated_at, updated_by } = source;
  const at = (instant: Date) => <Time instant={instant} now={now} mode="absolute" />;
  return [
    ['State', <StatusBadge key="state" status={source.is_enabled ? 'on' : 'off'} />],
    ['Dataset', <code key="dataset">{source.dataset}</code>],
    ['Origins', allowed_origins.length === 0 ? 'Every site may send' : allowed_origins.join(', ')],
    ['Addresses', source.redacts_ip ? 'Only the network of a sender is kept' : 'Kept as they came'],
    ['Rate', `${formatPlural(source.requests_per_second, 'request')} a second`],
    [
      'Created',
      <>
        {at(created_at)} by <ActorName label={created_by} />
      </>,
    ],
    [
      'Changed',
      updated_at > created_at && (
        <>
          {at(updated_at)} by <ActorName label={updated_by} />
        </>
      ),
    ].map(value => value || null) as [string, ReactNode],
    ['Id', <code key="id">{source.source_id}</code>],
  ];
}
