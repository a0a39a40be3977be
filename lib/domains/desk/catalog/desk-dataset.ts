/** The dataset of a customer's views: the only one that its service account reads. Source: docs/desk.md, What can be asked. */
import { basesOf } from '@/lib/domains/desk/catalog/catalog';
import type { CustomerCtx } from '@/lib/kernel/ctx';
import { env } from '@/lib/platform/env';

/** The dataset of the desk's views, by the customer's own dataset. */
export const deskDatasetOf = (tenantDatasetId: string): string => `${tenantDatasetId}_desk`;

/** All that a query of the customer may touch, as `project.dataset.table`: the views, and what lies beneath them. */
export async function baseTables(ctx: CustomerCtx): Promise<Set<string>> {
  const views = `${env().GOOGLE_CLOUD_PROJECT}.${deskDatasetOf(ctx.tenantDatasetId)}`;
  return new Set([...(await basesOf(ctx))].flatMap(([name, base]) => [`${views}.${name}`, base]));
}
