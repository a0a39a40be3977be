/** Models of the last 30 days without a price: why totals say "at least", and what can be done. */
import { Card } from '@/app/_ui/card';
import { type Column, DataTable } from '@/app/_ui/data-table';
import { formatCount, formatDate } from '@/app/_ui/format';
import { Link } from '@/app/_ui/link';
import { Notice } from '@/app/_ui/notice';
import { FreshnessNote } from '@/app/(portal)/_charts/freshness-note';
import { newPriceHref, providerWords } from '@/app/(portal)/traces/prices/_parts/price-words';
import type { UnpricedModel, unpricedModels } from '@/lib/domains/traces/prices/unpriced-models';
import type { CardData } from '@/lib/edge/portal/page-card';

type Read = CardData<Awaited<ReturnType<typeof unpricedModels>>>;

const columns = (mayWrite: boolean): Column<UnpricedModel>[] => [
  {
    id: 'model',
    head: 'Model',
    priority: 'name',
    cell: ({ model, provider }) => (
      <>
        <span className="wrap-anywhere">{model}</span>
        <span className="block text-meta font-normal text-muted">{provider ?? 'no provider was sent'}</span>
      </>
    ),
  },
  { id: 'requests', head: 'Requests', align: 'end', cell: ({ requests }) => formatCount(requests) },
  { id: 'tokens', head: 'Tokens', align: 'end', cell: ({ tokens }) => formatCount(tokens) },
  { id: 'last', head: 'Last used', cell: ({ last_day }) => formatDate(last_day) },
  {
    id: 'price',
    head: 'Price',
    priority: 'second',
    cell: ({ model, provider, has_price_now }) =>
      has_price_now ? (
        'Has one by now: recalculate'
      ) : mayWrite ? (
        <Link className="link" href={newPriceHref({ provider: provider ?? undefined, model })}>
          Add price
          <span className="sr-only">
            {' '}
            of {model} at {providerWords(provider)}
          </span>
        </Link>
      ) : (
        'No price'
      ),
  },
];

export function UnpricedCard({ read, mayWrite }: { read: Read; mayWrite: boolean }) {
  if (!read.ok) return <Notice tone="warn">Models without a price could not be loaded. {read.reason}</Notice>;
  const { models } = read.data;
  if (models.length === 0) return null;
  return (
    <Card title="Without a price" note="Requests of the last 30 days; totals that contain them say “at least”.">
      <FreshnessNote cards={[read]} />
      <DataTable
        id="unpriced"
        caption="Models without a price"
        columns={columns(mayWrite)}
        rows={models}
        rowKey={({ provider, model }) => JSON.stringify([provider, model])}
        empty={null}
      />
    </Card>
  );
}
