/** Invoices, newest first, with links to Stripe's own pages of them. */
import { type Column, DataTable } from '@/app/_ui/data-table';
import { formatDate } from '@/app/_ui/format';
import type { ListParams } from '@/app/_ui/list-params';
import { Pager } from '@/app/_ui/pager';
import { EmptyState, ErrorState } from '@/app/_ui/states';
import type { Status } from '@/app/_ui/status';
import { StatusBadge } from '@/app/_ui/status-badge';
import { FreshnessNote } from '@/app/(portal)/_charts/freshness-note';
import { moneyText } from '@/app/(portal)/billing/_parts/billing-text';
import type { InvoicePage, InvoiceView } from '@/lib/domains/subscriptions/queries';
import type { CardData } from '@/lib/edge/portal/page-card';

/** Open until a payment was tried and failed; what Stripe gave up on has failed. */
export function invoiceStatus({ status, attempt_count, last_error }: InvoiceView): Status {
  switch (status) {
    case 'paid':
      return 'paid';
    case 'void':
      return 'void';
    case 'uncollectible':
      return 'failed';
    case 'draft':
    case 'open':
      return (attempt_count ?? 0) > 0 && last_error !== null ? 'failed' : 'open';
    default:
      return status satisfies never;
  }
}

const nameOf = ({ number, invoice_id }: InvoiceView): string => number ?? invoice_id;

const columns: Column<InvoiceView>[] = [
  { id: 'date', head: 'Date', cell: invoice => formatDate(invoice.created_at) },
  {
    id: 'number',
    head: 'Number',
    priority: 'name',
    cell: invoice =>
      invoice.hosted_url ? (
        <a className="link" href={invoice.hosted_url}>
          {nameOf(invoice)}
        </a>
      ) : (
        nameOf(invoice)
      ),
  },
  { id: 'amount', head: 'Amount', align: 'end', cell: invoice => moneyText(invoice.total_cents, invoice.currency) },
  {
    id: 'status',
    head: 'Status',
    priority: 'second',
    cell: invoice => <StatusBadge status={invoiceStatus(invoice)} detail={detailOf(invoice)} />,
  },
  {
    id: 'pdf',
    head: 'PDF',
    cell: invoice =>
      invoice.pdf_url ? (
        <a className="link" href={invoice.pdf_url} aria-label={`PDF of invoice ${nameOf(invoice)}`}>
          PDF
        </a>
      ) : (
        '–'
      ),
  },
];

function detailOf(invoice: InvoiceView): string | undefined {
  const error = invoiceStatus(invoice) === 'failed' ? invoice.last_error : null;
  return [error, invoice.updating ? 'updating' : null].filter(text => text !== null).join(', ') || undefined;
}

type Props = { page: CardData<InvoicePage>; params: ListParams; requestId: string; inTrial: boolean };

export function InvoiceTable({ page, params, requestId, inTrial }: Props) {
  return (
    <section aria-labelledby="invoices" className="flex min-w-0 flex-col gap-3">
      <h2 id="invoices">Invoices</h2>
      {page.ok ? (
        <>
          <FreshnessNote cards={[page]} />
          <DataTable
            caption="Invoices"
            columns={columns}
            rows={page.data.invoices}
            rowKey={invoice => invoice.invoice_id}
            empty={
              <EmptyState icon="credit-card" title={params.after ? 'No more invoices.' : 'No invoices yet.'}>
                {!params.after && inTrial && 'The first comes after the trial.'}
              </EmptyState>
            }
            footer={
              (page.data.nextCursor || params.after) && (
                <Pager
                  path="/billing"
                  params={{ after: params.after }}
                  shown={page.data.invoices.length}
                  nextCursor={page.data.nextCursor ?? undefined}
                />
              )
            }
          />
        </>
      ) : (
        <ErrorState title="Could not load invoices." retryHref="/billing" requestId={requestId}>
          {page.reason} Paying and changing the plan go on working.
        </ErrorState>
      )}
    </section>
  );
}
