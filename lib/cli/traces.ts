/** `cli traces …`: what the operator does about requests to AI models. */
import type { CommandDef } from 'citty';
import { traceFileCommands } from '@/lib/cli/trace-files';
import { tracePricesCommands } from '@/lib/cli/trace-prices';

export const tracesCommands: Record<string, CommandDef> = {
  ...traceFileCommands,
  prices: {
    meta: { description: 'what AI models cost' },
    subCommands: tracePricesCommands,
  },
};
