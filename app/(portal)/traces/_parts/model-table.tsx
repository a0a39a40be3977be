/** Models as a list: what each cost, how much came from a cache, how long it took and how often it failed. */
import type { ReactNode } from 'react';
import { type Column, DataTable } from '@/app/_ui/data-table';
import { formatCount, formatDollars, formatDuration, formatPercent } from '@/app/_ui/format';
import { Link } from '@/app/_ui/link';
import { hrefWith, type ListParams } from '@/app/_ui/list-params';
import { bookCostWords, filterName, nameWords } from '@/app/(portal)/traces/_parts/cost-words';
import type { ModelUse } from '@/lib/domains/traces/models/models';

/** Median and 95th percentile; neither where nothing succeeded. */
const latency = ({ p50_ms, p95_ms }: ModelUse): ReactNode =>
  p50_ms === null ? (
    <span className="text-muted">not measured</span>
  ) : (
    <span className="whitespace-nowrap">
      {formatDuration(p50_ms)}, {formatDuration(p95_ms)}
    </span>
  );

const columns = (params: ListParams): Column<ModelUse>[] => [
  {
    id: 'model',
    head: 'Model',
    priority: 'name',
    cell: ({ model, provider }) => (
      <span className="block min-w-44">
        <Link className="link wrap-anywhere" href={hrefWith('/traces', params, { model: filterName(model) })}>
          {nameWords('model', model)}
        </Link>
        {provider && <span className="block text-meta font-normal text-muted">{provider}</span>}
      </span>
    ),
  },
  {
    id: 'book',
    head: 'Book price',
    align: 'end',
    priority: 'second',
    cell: ({ book_cost_usd, requests, unpriced }) => bookCostWords({ bookCostUsd: book_cost_usd, requests, unpriced }),
  },
  {
    id: 'price',
    head: 'Price in, out',
    align: 'end',
    cell: ({ price }) =>
      price ? (
        <span className="whitespace-nowrap">
          {formatDollars(price.input)}, {formatDollars(price.output)}
        </span>
      ) : (
        <span className="text-muted">no price</span>
      ),
  },
  { id: 'requests', head: 'Requests', align: 'end', cell: ({ requests }) => formatCount(requests) },
  {
    id: 'failed',
    head: 'Failed',
    align: 'end',
    cell: ({ failed, requests }) => (
      <span className="whitespace-nowrap">
        {formatCount(failed)} ({formatPercent(failed, requests, 1)})
      </span>
    ),
  },
  { id: 'in', head: 'Tokens in', align: 'end', cell: ({ tokens_in }) => formatCount(tokens_in) },
  {
    id: 'cache',
    head: 'Read from cache',
    align: 'end',
    cell: ({ cache_read_tokens, tokens_in }) => formatPercent(cache_read_tokens, tokens_in),
  },
  { id: 'out', head: 'Tokens out', align: 'end', cell: ({ tokens_out }) => formatCount(tokens_out) },
  { id: 'latency', head: 'p50, p95', align: 'end', cell: latency },
  { id: 'document', head: 'Document price', align: 'end', cell: ({ cost_usd }) => formatDollars(cost_usd) },
];

type Props = { models: readonly ModelUse[]; params: ListParams; empty: ReactNode };

export const ModelTable = ({ models, params, empty }: Props) => (
  <DataTable
    caption="Models"
    columns={columns(params)}
    rows={models}
    rowKey={({ model }) => filterName(model)}
    empty={empty}
  />
);
