/** Asks before rows are kept for fewer days: which requests go, what stays, and that it is final. */
import { redirect } from 'next/navigation';
import { ConfirmForm } from '@/app/_ui/confirm-dialog';
import { formatDate, formatPlural } from '@/app/_ui/format';
import { listParams } from '@/app/_ui/list-params';
import { PageHeader } from '@/app/_ui/page-header';
import { adminsOnlyPage } from '@/app/(portal)/_shell/denied-page';
import { PortalPage } from '@/app/(portal)/_shell/portal-page';
import type { Search } from '@/app/(portal)/_shell/search-filter';
import { pageTitle } from '@/app/(portal)/_shell/visitor';
import { keptSentence, retentionHref } from '@/app/(portal)/settings/retention/_parts/retention-words';
import { WhatHappens } from '@/app/(portal)/settings/retention/_parts/what-happens';
import { confirmRetentionAction } from '@/app/(portal)/settings/retention/actions';
import { retentionInput } from '@/lib/domains/traces/input';
import { countOlder, type OlderRequests } from '@/lib/domains/traces/retention/count-older';
import { filesAreArchived, keepsFewer, keptFor } from '@/lib/domains/traces/retention/retention-days';
import { readRetention } from '@/lib/domains/traces/retention/set-retention';
import { requireMember, visitorMay } from '@/lib/edge/portal/page';
import { type CardData, cardData } from '@/lib/edge/portal/page-card';
import { requireCustomer } from '@/lib/kernel/ctx';

export const generateMetadata = () => pageTitle('Keep fewer days');

function whatGoes(older: CardData<OlderRequests>): string {
  if (!older.ok) return 'How many requests are older than that could not be counted just now.';
  if (older.data === null) return 'No request is older than that today.';
  const { requests, firstDay, lastDay } = older.data;
  const days =
    firstDay === lastDay ? `of ${formatDate(firstDay)}` : `from ${formatDate(firstDay)} to ${formatDate(lastDay)}`;
  return `${formatPlural(requests, 'request')} ${days} will be removed, beginning in the coming night (UTC).`;
}

export default async function ConfirmRetentionPage({ searchParams }: { searchParams: Search }) {
  const visitor = await requireMember();
  if (!visitorMay(visitor, 'organization:write'))
    return adminsOnlyPage(visitor, 'trace_retention.set', 'change how long rows of AI usage are kept');
  const ctx = requireCustomer(visitor.ctx);
  const asked = retentionInput.safeParse({ keep_days: listParams(await searchParams).days ?? null });
  const days = asked.data?.keep_days ?? null;
  const { keep_days: before } = await readRetention(ctx, {});
  if (days === null || !keepsFewer(days, before)) redirect(retentionHref);
  const older = await cardData(ctx.requestId, countOlder(ctx, days));
  return (
    <PortalPage
      visitor={visitor}
      current="settings"
      crumbs={[{ label: 'Data retention', href: retentionHref }, { label: 'Confirm' }]}
    >
      <PageHeader
        title={`Keep rows of AI usage for ${keptFor(days)}?`}
        sentence={`Now: ${keptSentence(before, ctx.clock())}`}
      />
      <div className="flex max-w-form flex-col gap-6">
        <p className="font-medium">{whatGoes(older)}</p>
        <WhatHappens isArchived={filesAreArchived()} />
        <ConfirmForm
          action={confirmRetentionAction}
          customerId={ctx.customerId}
          hidden={{ keep_days: String(days) }}
          confirmLabel="Remove older rows"
          pending="Saving…"
          cancelHref={retentionHref}
          word={keptFor(days)}
        >
          <p>Removed requests cannot be brought back.</p>
        </ConfirmForm>
      </div>
    </PortalPage>
  );
}
