/** AI usage → Prices: the book that requests are valued by, what has no price, and recalculating what is stored. */
import { LinkButton } from '@/app/_ui/button';
import { FilterBar, type FilterField } from '@/app/_ui/filter-bar';
import { CsvLink } from '@/app/_ui/link';
import { hrefWith } from '@/app/_ui/list-params';
import { Notice } from '@/app/_ui/notice';
import { PageHeader } from '@/app/_ui/page-header';
import { PortalPage } from '@/app/(portal)/_shell/portal-page';
import { type Search, searchFilter } from '@/app/(portal)/_shell/search-filter';
import { pageTitle, timeMode } from '@/app/(portal)/_shell/visitor';
import { cardFromStart } from '@/app/(portal)/traces/_parts/from-start';
import { TracesTabs } from '@/app/(portal)/traces/_parts/traces-tabs';
import { PriceTable } from '@/app/(portal)/traces/prices/_parts/price-table';
import { doneSentence, newPriceHref, pricesHref } from '@/app/(portal)/traces/prices/_parts/price-words';
import { RecalculateCard } from '@/app/(portal)/traces/prices/_parts/recalculate-card';
import { UnpricedCard } from '@/app/(portal)/traces/prices/_parts/unpriced-card';
import { readAdmins } from '@/lib/domains/team/membership';
import { listPrices, listPricesInput } from '@/lib/domains/traces/prices/list-prices';
import { listReprices } from '@/lib/domains/traces/prices/reprice/list-reprices';
import { unpricedModels } from '@/lib/domains/traces/prices/unpriced-models';
import { landing } from '@/lib/edge/portal/landing';
import { requireMember, visitorMay } from '@/lib/edge/portal/page';
import { cardData } from '@/lib/edge/portal/page-card';
import { requireCustomer } from '@/lib/kernel/ctx';

export const generateMetadata = () => pageTitle('AI prices');

const fields: readonly FilterField[] = [
  { type: 'search', name: 'q', label: 'Search', placeholder: 'Model or provider' },
  {
    type: 'select',
    name: 'show',
    label: 'Show',
    options: [
      { value: '', label: 'What holds now or later' },
      { value: 'own', label: 'Your own prices' },
      { value: 'all', label: 'Past prices too' },
    ],
  },
];

export default async function PricesPage({ searchParams }: { searchParams: Search }) {
  const visitor = await requireMember();
  const ctx = requireCustomer(visitor.ctx);
  const { customerId } = visitor.membership;
  const mayWrite = visitorMay(visitor, 'prices:write');
  const { done } = await landing();
  const { params, filter, unknown } = await searchFilter(listPricesInput, searchParams);
  const [read, unpriced, [lastRun], admins] = await Promise.all([
    cardFromStart(ctx.requestId, filter, asked => listPrices(ctx, asked)),
    cardData(ctx.requestId, unpricedModels(ctx)),
    listReprices(ctx, { limit: 1 }),
    mayWrite ? [] : readAdmins(customerId),
  ]);
  const sentence = doneSentence(done);
  return (
    <PortalPage visitor={visitor} current="traces" crumbs={[{ label: 'Prices' }]}>
      <PageHeader
        title="Prices"
        sentence="What models cost per million tokens. Your own prices go before list prices; a price holds from its day until the next one."
        viewOnly={mayWrite ? undefined : { admins }}
        actions={
          <>
            <CsvLink href={hrefWith('/api/traces/prices', { ...params, format: 'csv' }, { after: undefined })} />
            {mayWrite && (
              <LinkButton variant="primary" icon="plus" href={newPriceHref({})}>
                Add price
              </LinkButton>
            )}
          </>
        }
      />
      <TracesTabs current="prices" />
      <div className="flex flex-col gap-4">
        {sentence && (
          <Notice tone="ok" closable>
            {sentence}
          </Notice>
        )}
        {unknown && <Notice tone="warn">A filter in the address is not known. These are all prices of now.</Notice>}
        <UnpricedCard read={unpriced} mayWrite={mayWrite} />
        <FilterBar path={pricesHref} params={params} fields={fields} keep={['limit']} />
        <PriceTable read={read} params={params} mayWrite={mayWrite} requestId={ctx.requestId} />
        <RecalculateCard
          lastRun={lastRun}
          customerId={customerId}
          mayWrite={mayWrite}
          now={ctx.clock()}
          timeMode={timeMode(visitor)}
        />
      </div>
    </PortalPage>
  );
}
