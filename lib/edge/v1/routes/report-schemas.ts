/** Shapes of reports: what a call may send, and what it answers of each item. */
import { z } from 'zod';
import { checkInput, stepInput } from '@/lib/domains/runs/input';
import { customerId } from '@/lib/edge/v1/customer-id';

const named = { customer_id: customerId.optional() };

/** A batch of steps, or one step alone. */
export const stepsBody = z.union([
  z.strictObject({ steps: z.array(stepInput).min(1).max(500), ...named }),
  stepInput.safeExtend(named),
]);

/** A batch of data-quality results, or one alone. */
export const checksBody = z.union([
  z.strictObject({ dq_results: z.array(checkInput).min(1).max(500), ...named }),
  checkInput.safeExtend(named),
]);

export const reportAnswerSchema = z
  .strictObject({
    stored: z.int().meta({ description: 'Items that are stored now, those of an earlier report included.' }),
    failed: z.int().meta({ description: 'Items that are not.' }),
    items: z
      .array(
        z.strictObject({
          index: z.int().meta({ description: 'Place in the report, from 0.' }),
          id: z.string().nullable().meta({ description: 'The item’s id as it was sent; null where it had none.' }),
          status: z
            .literal([200, 400, 409])
            .meta({ description: '200 stored, 400 wrong, 409 at odds with what is known.' }),
          code: z.string().optional().meta({ description: 'Why it is not stored: the code of a problem.' }),
          message: z.string().optional().meta({ description: 'The same for people.' }),
          errors: z
            .array(z.object({ path: z.string(), message: z.string() }))
            .optional()
            .meta({ description: 'The first wrong fields.' }),
        }),
      )
      .meta({ description: 'One entry an item, in the order sent.' }),
    cancel_requested: z
      .boolean()
      .meta({ description: 'Whether somebody asked for the end of the run; stop and complete it as CANCELLED.' }),
  })
  .meta({ id: 'ReportAnswer' });

/** What both calls say of single items and batches. */
export const aboutBatches =
  'A batch of up to 500 is answered item by item: a wrong one never loses the others. One alone, without the list, is ' +
  'answered by its own status. A run keeps 10,000 of them and takes them until 24 hours after its end.';
