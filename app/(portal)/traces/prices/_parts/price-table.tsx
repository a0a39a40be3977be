/** Prices as a list: what each kind of token costs, whose the price is and from when it holds. */
import { LinkButton } from '@/app/_ui/button';
import { type Column, DataTable } from '@/app/_ui/data-table';
import { formatDate } from '@/app/_ui/format';
import type { ListParams } from '@/app/_ui/list-params';
import { Pager } from '@/app/_ui/pager';
import { EmptyState } from '@/app/_ui/states';
import { ListError } from '@/app/(portal)/_shell/list-error';
import {
  deletePriceHref,
  fromWords,
  pricePerMillion,
  pricesHref,
  providerWords,
  stateWords,
} from '@/app/(portal)/traces/prices/_parts/price-words';
import type { ListedPrice, PricePage } from '@/lib/domains/traces/prices/list-prices';
import type { CardData } from '@/lib/edge/portal/page-card';

/** A price, or in grey what is billed where the book leaves it open. */
const usd = (price: number | null, otherwise: number) =>
  price === null ? <span className="text-muted">{pricePerMillion(otherwise)}</span> : pricePerMillion(price);

const columns: readonly Column<ListedPrice>[] = [
  {
    id: 'model',
    head: 'Model',
    priority: 'name',
    cell: ({ model, provider }) => (
      <>
        <span className="wrap-anywhere">{model}</span>
        <span className="block text-meta font-normal wrap-anywhere text-muted">{providerWords(provider)}</span>
      </>
    ),
  },
  {
    id: 'owner',
    head: 'Price',
    priority: 'second',
    cell: ({ owner, state }) => (
      <>
        {owner === 'own' ? <strong>Your own</strong> : 'List price'}
        {stateWords[state] && <span className="block text-meta text-muted">{stateWords[state]}</span>}
      </>
    ),
  },
  { id: 'from', head: 'From', cell: ({ effective_from }) => fromWords(effective_from) },
  { id: 'in', head: 'Input', align: 'end', cell: ({ input_usd }) => pricePerMillion(input_usd) },
  { id: 'out', head: 'Output', align: 'end', cell: ({ output_usd }) => pricePerMillion(output_usd) },
  { id: 'read', head: 'Cache read', align: 'end', cell: price => usd(price.cache_read_usd, price.input_usd) },
  {
    id: 'write',
    head: 'Cache write',
    align: 'end',
    cell: price => usd(price.cache_write_usd, 1.25 * price.input_usd),
  },
  { id: 'hour', head: 'For 1 hour', align: 'end', cell: price => usd(price.cache_write_1h_usd, 2 * price.input_usd) },
  { id: 'reasoning', head: 'Reasoning', align: 'end', cell: price => usd(price.reasoning_usd, price.output_usd) },
];

type Props = {
  read: CardData<PricePage>;
  params: ListParams;
  mayWrite: boolean;
  requestId: string;
};

export function PriceTable({ read, params, mayWrite, requestId }: Props) {
  if (!read.ok)
    return <ListError noun="prices" path={pricesHref} params={params} requestId={requestId} reason={read.reason} />;
  const { prices, nextCursor } = read.data;
  const isFiltered = Object.values(params).some(Boolean);
  return (
    <>
      <DataTable
        caption="Prices in dollars per million tokens"
        columns={columns}
        rows={prices}
        rowKey={({ price_id }) => price_id}
        actions={
          mayWrite && prices.some(({ owner }) => owner === 'own')
            ? price => price.owner === 'own' && <DeleteLink price={price} />
            : undefined
        }
        empty={
          <EmptyState
            icon={isFiltered ? 'search' : 'sparkles'}
            title={isFiltered ? 'No prices match these filters.' : 'There are no prices yet.'}
            action={isFiltered && <LinkButton href={pricesHref}>Clear all</LinkButton>}
          >
            {!isFiltered && 'Requests have no cost until their models have a price.'}
          </EmptyState>
        }
        footer={
          <Pager path={pricesHref} params={params} shown={prices.length} nextCursor={nextCursor ?? undefined} sized />
        }
      />
      <p className="max-w-prose text-table text-muted">
        Dollars per million tokens. What a price leaves open is shown in grey, as it is billed: cache reads as input,
        cache writes 1.25 times the input and 2 times for an hour, reasoning as output.
      </p>
    </>
  );
}

const DeleteLink = ({ price }: { price: ListedPrice }) => (
  <LinkButton href={deletePriceHref(price.price_id)}>
    Delete…
    <span className="sr-only">
      {' '}
      the price of {price.model} from {formatDate(price.effective_from)}
    </span>
  </LinkButton>
);
