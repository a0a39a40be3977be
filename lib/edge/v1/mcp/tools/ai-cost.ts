/** What requests to AI models cost, by model, developer, repository or day. */
import { z } from 'zod';
import { breakdowns, readUsage, type Use, usageInput } from '@/lib/domains/traces/usage/usage';
import { usageDayFields, usageNameFields } from '@/lib/domains/traces/usage/usage-filter';
import { defineTool } from '@/lib/edge/v1/mcp/define-tool';
import { ageBody, ageFields, counted, dayInputs, noteFields, rowLimit } from '@/lib/edge/v1/mcp/tools/shared';

const { model, developer, repository } = usageNameFields;
const input = z.strictObject({
  by: z
    .enum([...breakdowns, 'day'])
    .default('model')
    .meta({ description: 'What a row is of.' }),
  ...dayInputs(usageDayFields),
  model: model.meta({ description: 'Only this model; (none) for requests that name none.' }),
  developer: developer.meta({ description: 'Only this developer.' }),
  repository: repository.meta({ description: 'Only this repository, as owner/name.' }),
  limit: rowLimit(400, 100),
});

const figures = {
  cost_usd: z.number().meta({ description: 'US dollars by the price book.' }),
  cost: z.string().meta({ description: 'The same in words: "at least" where some requests have no known price.' }),
  unpriced_requests: z.int().meta({ description: 'Requests without a known price, which cost_usd leaves out.' }),
  document_cost_usd: z.number().meta({ description: 'By the fixed table of the data model, so that periods compare.' }),
  requests: z.int(),
  failed_requests: z.int(),
  sessions: z.int(),
  tokens_in: z.int(),
  tokens_out: z.int(),
};

const output = z.strictObject({
  from: z.iso.date(),
  to: z.iso.date(),
  by: z.string(),
  total: z.strictObject(figures),
  rows: z.array(z.strictObject({ name: z.string(), ...figures })).meta({
    description: 'A row a model, developer, repository or day; an empty name where none was sent.',
  }),
  rows_in_all: z.int(),
  ...ageFields,
  ...noteFields,
});

const dollars = (usd: number): string => `$${usd.toFixed(usd >= 1 || usd === 0 ? 2 : 6)}`;

/** "at least $12.30" where some requests have no price, "no known price" where none has one. */
function costWords({ bookCostUsd, requests, unpriced }: Use): string {
  if (requests > 0 && unpriced >= requests) return 'no known price';
  return unpriced > 0 ? `at least ${dollars(bookCostUsd)}` : dollars(bookCostUsd);
}

const figuresOf = (use: Use) => ({
  cost_usd: use.bookCostUsd,
  cost: costWords(use),
  unpriced_requests: use.unpriced,
  document_cost_usd: use.documentCostUsd,
  requests: use.requests,
  failed_requests: use.failed,
  sessions: use.sessions,
  tokens_in: use.tokensIn,
  tokens_out: use.tokensOut,
});

export const aiCost = defineTool({
  name: 'ai_cost',
  title: 'Cost of AI',
  description:
    'What the organization’s requests to AI models cost in US dollars, and their tokens, by model, developer, repository or day, the costliest or oldest first.',
  scope: 'traces:read',
  operation: 'ai_usage.count',
  input,
  output,
  shrinks: ['rows'],
  run: async ({ ctx }, { by, limit, ...asked }) => {
    const usage = await readUsage(ctx, { ...asked, by: by === 'day' ? usageInput.shape.by.parse(undefined) : by });
    const named = by === 'day' ? usage.byDay.map(({ day, use }) => ({ name: day, use })) : usage.names;
    const rows = named.slice(0, limit).map(({ name, use }) => ({ name, ...figuresOf(use) }));
    const { from, to } = usage.days;
    const says = `AI cost ${costWords(usage.total)} from ${from} to ${to}, in ${counted(usage.total.requests, 'request')}.`;
    return {
      data: {
        ...{ from, to, by, total: figuresOf(usage.total), rows, rows_in_all: named.length },
        ...ageBody(usage),
        note: null,
      },
      says,
    };
  },
});
