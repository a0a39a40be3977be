/** `cli traces prices import`: brings list prices of AI models into the operator's book. */
import { readFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import { command, WrongUse } from '@/lib/cli/command';
import { listPricesOf } from '@/lib/domains/traces/prices/first-book';
import { importPrices } from '@/lib/domains/traces/prices/import-prices';
import { type NamedPrice, readLitellmMap } from '@/lib/domains/traces/prices/litellm-map';
import { systemCtx } from '@/lib/kernel/ctx';

const print = (line: string): void => void process.stdout.write(`${line}\n`);

async function readMap(file: string): Promise<NamedPrice[]> {
  const content = file === '-' ? await text(process.stdin) : await readFile(file, 'utf8');
  let map: unknown;
  try {
    map = JSON.parse(content);
  } catch {
    throw new WrongUse(`${file} is not JSON.`);
  }
  const read = readLitellmMap(map);
  if (!read) throw new WrongUse(`${file} is no map of LiteLLM's: no model in it has a price per token.`);
  const { prices, unpriced, free, doubled } = read;
  print(`${file}: ${prices.length} models with a price, ${unpriced} without one per token, ${free} with one of 0`);
  if (doubled > 0) print(`${doubled} stand there twice with different prices; the first one counts`);
  return prices;
}

function shipped(): NamedPrice[] {
  const { readOn, prices } = listPricesOf();
  print(`${prices.length} list prices that came with this version, read on ${readOn}`);
  return prices;
}

async function bring(values: { file: string | undefined; 'effective-from': string | undefined }): Promise<number> {
  const prices = values.file === undefined ? shipped() : await readMap(values.file);
  const { result } = await importPrices(systemCtx('cli'), { prices, effective_from: values['effective-from'] });
  print(`${result.added} new models, ${result.changed} changed prices, ${result.unchanged} as they were`);
  return 0;
}

export const tracePricesCommands = {
  import: command({
    description:
      "bring prices into the book: LiteLLM's model_prices_and_context_window.json, or the list of this version; only changes are written, audited",
    args: {
      file: { type: 'positional', description: 'the map, or - for the standard input', required: false },
      'effective-from': {
        type: 'string',
        description: 'first day of what changed, UTC; today unless said, and 2020-01-01 for models without a price',
        valueHint: 'YYYY-MM-DD',
      },
    },
    run: bring,
  }),
};
