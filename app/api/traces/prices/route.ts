/** GET: the price book of AI models as the organization's requests are valued by it, JSON in pages or all of it as CSV (`format=csv`). POST: sets a price of its own. */
import { z } from 'zod';
import { listPrices, priceFilter } from '@/lib/domains/traces/prices/list-prices';
import { setModelPrice } from '@/lib/domains/traces/prices/own-prices';
import { pricesCsv } from '@/lib/domains/traces/prices/prices-csv';
import { csvAnswer } from '@/lib/edge/portal/csv-answer';
import { defineRoute } from '@/lib/edge/portal/route';
import { parseInput } from '@/lib/kernel/input';
import { utcDay } from '@/lib/platform/clock';

const formatInput = z.strictObject({ format: z.enum(['json', 'csv']).default('json') });

export const GET = defineRoute({
  summary: 'List prices',
  input: [listPrices.input, formatInput],
  name: 'model_price.list',
  method: 'GET',
  permission: 'traces:read',
  query: async ({ ctx, raw: { format, ...raw } }) => {
    if (parseInput(formatInput, { format }).format === 'csv') {
      const { after: _after, limit: _limit, ...filter } = raw;
      const asked = parseInput(z.strictObject(priceFilter), filter);
      return csvAnswer(`ai-prices-${utcDay(ctx.clock())}`, pricesCsv(ctx, asked));
    }
    const { prices, nextCursor } = await listPrices(ctx, raw);
    return { status: 200, body: { data: prices, next_cursor: nextCursor } };
  },
});

export const POST = defineRoute({
  summary: 'Set a price',
  method: 'POST',
  command: setModelPrice,
  answer: price => ({ status: 201, body: price }),
});
