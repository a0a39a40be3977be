/** One page of checks for a page of the portal; a warehouse that is down becomes a card. */
import { type CheckPage, type ListChecksInput, listChecks } from '@/lib/domains/runs/quality/checks';
import { type CardData, cardData } from '@/lib/edge/portal/page-card';
import type { Ctx } from '@/lib/kernel/ctx';
import { AppError } from '@/lib/platform/errors';

/** A wrong cursor starts over. */
export async function readChecksPage(ctx: Ctx, filter: ListChecksInput): Promise<CardData<CheckPage>> {
  try {
    return await cardData(ctx.requestId, listChecks(ctx, filter));
  } catch (error) {
    if (error instanceof AppError && error.code === 'invalid_cursor')
      return readChecksPage(ctx, { ...filter, after: undefined });
    throw error;
  }
}
