/** Steps that give access, as data: each is looked at before it is made, so that repeating them changes nothing. */
import type { Store } from '@/lib/warehouse/schemas/rest';

export type SecurityOutcome = {
  what: string;
  state: 'present' | 'missing' | 'made' | 'not available here';
};

export type SecurityStep = {
  what: string;
  /** False where a local BigQuery can do it too. */
  serviceOnly: boolean;
  isDone: () => Promise<boolean>;
  make: () => Promise<void>;
};

/** Checks each step in its order and, with `make`, does what is missing. Throws what a step throws. */
export async function makeSteps(
  steps: readonly SecurityStep[],
  { make, store }: { make: boolean; store: Store },
): Promise<SecurityOutcome[]> {
  const outcomes: SecurityOutcome[] = [];
  for (const { what, serviceOnly, ...step } of steps) {
    if (serviceOnly && store === 'local') outcomes.push({ what, state: 'not available here' });
    else if (await step.isDone()) outcomes.push({ what, state: 'present' });
    else {
      if (make) await step.make();
      outcomes.push({ what, state: make ? 'made' : 'missing' });
    }
  }
  return outcomes;
}
