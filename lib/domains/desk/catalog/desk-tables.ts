/** The tables that a customer's queries may name. Source: docs/desk.md, What can be asked. */
import { catalogOf } from '@/lib/domains/desk/catalog/catalog';
import { brokenViews } from '@/lib/domains/desk/catalog/made-views';
import type { DeskTable } from '@/lib/domains/desk/rules';
import type { CustomerCtx } from '@/lib/kernel/ctx';

/** The customer's tables, or these of them, by group and name; one whose view could not be made lately is left out. */
export async function deskTables(ctx: CustomerCtx, only?: ReadonlySet<string>): Promise<DeskTable[]> {
  const [catalog, broken] = await Promise.all([catalogOf(ctx, only), brokenViews(ctx.customerId, ctx.clock())]);
  return catalog.map(({ table }) => table).filter(({ name }) => !broken.has(name));
}
