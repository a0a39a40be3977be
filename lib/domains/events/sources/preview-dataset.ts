/** Which dataset a source of this name would get now, before it is made. */
import { z } from 'zod';
import { readCustomer } from '@/lib/domains/customers/profile';
import { sourceName } from '@/lib/domains/events/input';
import { freeDatasets } from '@/lib/domains/events/sources/allocate-dataset';
import type { CustomerCtx } from '@/lib/kernel/ctx';
import { defineOperation } from '@/lib/kernel/operation';

async function preview({ customerId }: CustomerCtx, { name }: { name: string }): Promise<string | null> {
  const { companyName } = await readCustomer(customerId);
  const [dataset] = await freeDatasets({ name, companyName });
  return dataset ?? null;
}

/** The first free dataset for the name; nothing is taken by it. AppError invalid_input, conflict, warehouse_unavailable. */
export const previewDataset = defineOperation({
  name: 'event_source.preview',
  permission: 'events:write',
  input: z.strictObject({ name: sourceName }),
  run: preview,
});
