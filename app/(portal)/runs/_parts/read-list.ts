/** Everything the list of runs shows, read at once; a warehouse that is down becomes a card. */

import type { z } from 'zod';
import { hasAnyRun } from '@/lib/domains/runs/reads/moving-parts';
import { listRuns, type RunListPage } from '@/lib/domains/runs/reads/run-list';
import type { listRunsPage } from '@/lib/domains/runs/reads/run-list-input';
import { type CardData, cardData } from '@/lib/edge/portal/page-card';
import type { Ctx } from '@/lib/kernel/ctx';
import { AppError } from '@/lib/platform/errors';

type Asked = z.output<typeof listRunsPage>;
export type ListRead = RunListPage & { hasAny: boolean };

async function read(ctx: Ctx, asked: Asked): Promise<ListRead> {
  const page = await listRuns(ctx, asked);
  return { ...page, hasAny: page.rows.length > 0 || (await hasAnyRun(ctx)) };
}

/** One page of the list. A wrong cursor starts over. */
export async function readList(ctx: Ctx, asked: Asked): Promise<CardData<ListRead>> {
  try {
    return await cardData(ctx.requestId, read(ctx, asked));
  } catch (error) {
    if (error instanceof AppError && error.code === 'invalid_cursor')
      return readList(ctx, { ...asked, after: undefined });
    throw error;
  }
}
