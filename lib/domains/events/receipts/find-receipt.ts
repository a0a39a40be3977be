/** What became of one call, by its message id. */
import { and, desc, eq, isNull, sql } from 'drizzle-orm';
import type { z } from 'zod';
import { messageId, receiptInput } from '@/lib/domains/events/input';
import { receiptRows } from '@/lib/domains/events/receipts/receipt-rows';
import { jsonOf, sentCalls } from '@/lib/domains/events/receipts/sent-calls';
import { type EventReceipt, eventReceipts, eventSources } from '@/lib/domains/events/tables';
import { type ReceiptView, receiptSummary } from '@/lib/domains/events/view';
import type { CustomerCtx } from '@/lib/kernel/ctx';
import { defineOperation } from '@/lib/kernel/operation';
import { db } from '@/lib/platform/db';
import { AppError } from '@/lib/platform/errors';

const shownDuplicates = 20;

type Found = { receipt: EventReceipt; dataset: string };

/** The one that counts first: what was accepted before what was refused, and duplicates last; the latest of each. */
async function receiptsOf(ctx: CustomerCtx, id: string, source: string | undefined): Promise<Found[]> {
  const rank = sql`array_position(ARRAY['ACCEPTED', 'REFUSED', 'DUPLICATE'], ${eventReceipts.outcome})`;
  return db()
    .select({ receipt: eventReceipts, dataset: eventSources.dataset })
    .from(eventReceipts)
    .innerJoin(eventSources, eq(eventSources.sourceId, eventReceipts.sourceId))
    .where(
      and(
        eq(eventSources.customerId, ctx.customerId),
        isNull(eventSources.deletedAt),
        source === undefined ? undefined : eq(eventSources.sourceId, source),
        eq(eventReceipts.messageId, id),
      ),
    )
    .orderBy(rank, desc(eventReceipts.recordedAt))
    .limit(shownDuplicates + 1);
}

async function find(ctx: CustomerCtx, asked: z.output<typeof receiptInput>, id: string): Promise<ReceiptView> {
  const found = messageId.safeParse(id).success ? await receiptsOf(ctx, id, asked.source_id) : [];
  const [first, ...others] = found;
  if (!first) throw new AppError('not_found', 'There is no event with this message id, or its receipt is gone.');
  const [sent = null] = await sentCalls([first.receipt]);
  return {
    ...receiptSummary(first.receipt, jsonOf(sent)),
    rows: await receiptRows(first.dataset, first.receipt, sent),
    duplicates: others
      .map(({ receipt }) => receipt)
      .filter(({ sourceId, outcome }) => sourceId === first.receipt.sourceId && outcome === 'DUPLICATE')
      .map(({ receivedAt }) => receivedAt),
  };
}

/**
 * The receipt of a call of one of the caller's sources, or of the one that is named. Receipts are kept EVENT_RECEIPT_DAYS and
 * are there a moment after the call was answered. AppError not_found, which a foreign one is too, and forbidden.
 */
export const findReceipt = defineOperation({
  name: 'event.read',
  permission: 'events:read',
  input: receiptInput,
  run: find,
});
