/** The budget that a page's address names. */
import { notFound } from 'next/navigation';
import type { StoredBudget } from '@/lib/domains/traces/budgets/budget-view';
import { readBudget } from '@/lib/domains/traces/budgets/list-budgets';
import type { CustomerCtx } from '@/lib/kernel/ctx';
import { AppError } from '@/lib/platform/errors';

export async function budgetOr404(ctx: CustomerCtx, id: string): Promise<StoredBudget> {
  return readBudget(ctx, {}, id).catch((error: unknown) => {
    if (error instanceof AppError && error.code === 'not_found') notFound();
    throw error;
  });
}
