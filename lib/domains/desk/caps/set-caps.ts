/** What a customer lets its queries bill, a query and a day: seen by who may ask, set by its admins. */
import { eq } from 'drizzle-orm';
import { z } from 'zod';
import { lockCustomer } from '@/lib/domains/customers/profile';
import { type DeskCaps, operatorLimits, readCaps } from '@/lib/domains/desk/caps/caps';
import { deskSettingsInput } from '@/lib/domains/desk/input';
import { deskSettings } from '@/lib/domains/desk/tables';
import { type Change, defineCommand } from '@/lib/kernel/command';
import { actorLabel, requireCustomer } from '@/lib/kernel/ctx';
import { invalidInput } from '@/lib/kernel/input';
import { defineOperation } from '@/lib/kernel/operation';
import type { FieldError } from '@/lib/platform/errors';

/** As the customer chose; null where it has the operator's. */
export type StoredCaps = { max_bytes_per_query: number | null; bytes_per_day: number | null };

function requireWithin({ max_bytes_per_query: ofQuery, bytes_per_day: ofDay }: StoredCaps): void {
  const operator = operatorLimits();
  const fields: FieldError[] = [];
  const say = (path: string, most: number) =>
    fields.push({ path, message: `The most is ${most.toLocaleString('en-US')} bytes; support can raise it.` });
  if (ofQuery !== null && ofQuery > operator.maxBytesPerQuery) say('max_bytes_per_query', operator.maxBytesPerQuery);
  if (ofDay !== null && ofDay > operator.bytesPerDay) say('bytes_per_day', operator.bytesPerDay);
  if (fields.length > 0) throw invalidInput(fields);
}

/** Holds for what is asked from then on. What is not named stays as it is. AppError forbidden, invalid_input. */
export const setDeskSettings = defineCommand({
  name: 'desk.set_caps',
  permission: 'desk:manage',
  input: deskSettingsInput,
  run: async ({ ctx, tx, input }): Promise<Change<StoredCaps>> => {
    const { customerId } = requireCustomer(ctx);
    await lockCustomer(tx, customerId);
    const [row] = await tx.select().from(deskSettings).where(eq(deskSettings.customerId, customerId));
    const before: StoredCaps = {
      max_bytes_per_query: row?.maxBytesPerQuery ?? null,
      bytes_per_day: row?.bytesPerDay ?? null,
    };
    const after: StoredCaps = {
      max_bytes_per_query:
        input.max_bytes_per_query === undefined ? before.max_bytes_per_query : input.max_bytes_per_query,
      bytes_per_day: input.bytes_per_day === undefined ? before.bytes_per_day : input.bytes_per_day,
    };
    if (JSON.stringify(before) === JSON.stringify(after)) return { result: before, unchanged: true };
    requireWithin(after);
    const columns = {
      maxBytesPerQuery: after.max_bytes_per_query,
      bytesPerDay: after.bytes_per_day,
      updatedAt: ctx.clock(),
      updatedBy: actorLabel(ctx.actor),
    };
    await tx
      .insert(deskSettings)
      .values({ customerId, ...columns })
      .onConflictDoUpdate({ target: deskSettings.customerId, set: columns });
    return { result: after, target: { type: 'desk', id: customerId }, before, after, mirror: [] };
  },
});

/** The caps that hold, and what of this UTC day is used. AppError forbidden. */
export const readDeskSettings = defineOperation({
  name: 'desk.read_caps',
  permission: 'desk:query',
  input: z.strictObject({}),
  run: (ctx): Promise<DeskCaps> => readCaps(ctx),
});
