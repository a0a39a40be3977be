/** AI usage by model, developer or repository; a name narrows the page to itself. */
import { Card } from '@/app/_ui/card';
import { type Column, DataTable } from '@/app/_ui/data-table';
import { formatCount, formatDollars } from '@/app/_ui/format';
import { Link } from '@/app/_ui/link';
import { hrefWith, type ListParams } from '@/app/_ui/list-params';
import { Tabs } from '@/app/_ui/tabs';
import { bookCostWords, filterName, nameWords } from '@/app/(portal)/traces/_parts/cost-words';
import { type Breakdown, breakdowns, type NamedUse, type Usage } from '@/lib/domains/traces/usage/usage';

const heads: Record<Breakdown, string> = { model: 'Model', developer: 'Developer', repository: 'Repository' };

const columns = (by: Breakdown, params: ListParams): Column<NamedUse>[] => [
  {
    id: 'name',
    head: heads[by],
    priority: 'name',
    cell: ({ name }) => (
      <Link className="link wrap-anywhere" href={hrefWith('/traces', params, { [by]: filterName(name) })}>
        {nameWords(by, name)}
      </Link>
    ),
  },
  { id: 'book', head: 'Book price', align: 'end', priority: 'second', cell: ({ use }) => bookCostWords(use) },
  { id: 'requests', head: 'Requests', align: 'end', cell: ({ use }) => formatCount(use.requests) },
  { id: 'sessions', head: 'Sessions', align: 'end', cell: ({ use }) => formatCount(use.sessions) },
  { id: 'failed', head: 'Failed', align: 'end', cell: ({ use }) => formatCount(use.failed) },
  { id: 'in', head: 'Tokens in', align: 'end', cell: ({ use }) => formatCount(use.tokensIn) },
  { id: 'out', head: 'Tokens out', align: 'end', cell: ({ use }) => formatCount(use.tokensOut) },
  { id: 'document', head: 'Document price', align: 'end', cell: ({ use }) => formatDollars(use.documentCostUsd) },
];

export function BreakdownCard({ usage, params }: { usage: Usage; params: ListParams }) {
  const { by, names } = usage;
  const csvHref = hrefWith('/api/traces/usage', { ...params, show: undefined, format: 'csv', rows: 'names' }, {});
  return (
    <Card
      title="Who and what used it"
      actions={
        <a className="link" href={csvHref} download>
          Download CSV
        </a>
      }
    >
      <div>
        <Tabs
          label="Breakdown"
          items={breakdowns.map(kind => ({
            href: hrefWith('/traces', params, { by: kind === 'model' ? undefined : kind }),
            label: `By ${heads[kind].toLowerCase()}`,
            current: kind === by,
          }))}
        />
        <DataTable
          caption={`AI usage by ${heads[by].toLowerCase()}`}
          columns={columns(by, params)}
          rows={names}
          rowKey={({ name }) => name}
          empty={null}
        />
      </div>
    </Card>
  );
}
