/** `cli schemas plan|apply --all-tenants`: one command for the own datasets of all customers, as an upgrade needs it. */
import { WrongUse } from '@/lib/cli/command';
import { report } from '@/lib/cli/schemas-report';
import { type Choices, openTarget, print, type Target } from '@/lib/cli/schemas-target';
import { tenantDatasets } from '@/lib/domains/customers/datasets';
import type { Change } from '@/lib/warehouse/schemas/plan';

/** Datasets at the same time; each asks for a few metadata requests, which are free but counted. */
const atOnce = 8;

/**
 * Does `work` for every customer's dataset, tells the changes of all and returns the exit code: 1 when a dataset could
 * not be asked (the others are done all the same), 2 when a change is refused.
 */
export async function eachTenant(
  values: Choices,
  done: 'to make' | 'made',
  work: (target: Target) => Promise<Change[]>,
  list: () => Promise<{ dataset: string }[]> = tenantDatasets,
): Promise<number> {
  if (values.dataset !== undefined || values.folder !== undefined)
    throw new WrongUse('--all-tenants takes every own dataset of a customer; leave out --dataset and --folder');
  const datasets = (await list()).map(({ dataset }) => dataset);
  const target = await openTarget(values, `the own datasets of ${datasets.length} customers`);
  const changes: Change[] = [];
  let failed = 0;
  const queue = datasets.values();
  const takeTurns = async () => {
    for (const dataset of queue) {
      try {
        changes.push(...(await work({ ...target, dataset })));
      } catch (error) {
        failed++;
        print(`! failed                 ${dataset}: ${error instanceof Error ? error.message : String(error)}`);
      }
    }
  };
  await Promise.all(Array.from({ length: atOnce }, takeTurns));
  const code = report(changes, done);
  if (failed === 0) return code;
  print(`${failed} of ${datasets.length} datasets could not be asked; repeat the command`);
  return 1;
}
