/** What callers may send about budgets of AI usage; forms and JSON alike. */
import { z } from 'zod';
import { budgetScopes } from '@/lib/domains/traces/rules';
import { openLineInput } from '@/lib/kernel/names';

const maxUsd = 10_000_000;
/** Sums of whole cents differ from them by less than this. */
const centsOff = 1e-6;

const amount = z
  .number('Write dollars, such as 500.')
  .min(0.01, 'A budget is at least one cent.')
  .max(maxUsd, `At most $${maxUsd.toLocaleString('en-US')}.`)
  .refine(usd => Math.abs(usd * 100 - Math.round(usd * 100)) < centsOff, 'Write dollars and whole cents.');

export const createBudgetInput = z
  .strictObject({
    scope: z.enum(budgetScopes, { error: 'Choose what the budget is for.' }),
    /** As AI usage names it; '' for all. `(none)` are requests that name none. */
    subject: openLineInput(300).default(''),
    /** US dollars of a UTC month. */
    amount_usd: amount,
    request_token: z
      .string()
      .regex(/^[\x21-\x7e]{8,80}$/)
      .optional(),
  })
  .refine(({ scope, subject }) => scope === 'all' || subject !== '', {
    path: ['subject'],
    error: 'Name the developer, repository or model as AI usage shows it.',
  })
  .refine(({ scope, subject }) => scope !== 'all' || subject === '', {
    path: ['subject'],
    error: 'A budget of all usage names nothing.',
  });

const budgetId = z.string().regex(/^[\w-]{1,64}$/, 'This is not the id of a budget.');
export const editBudgetInput = z.strictObject({ budget_id: budgetId, amount_usd: amount });
export const budgetIdInput = z.strictObject({ budget_id: budgetId });
