/** The contract on the double. */
import { afterAll } from 'vitest';
import { contract } from '@/dev/doubles/stripe/contract/contract';
import { type StartedDouble, startDouble } from '@/dev/doubles/stripe/start-double';

let double: StartedDouble | undefined;
// Declared first, so that it runs after the contract has cleaned up.
afterAll(() => double?.stop());
contract(async () => {
  double = await startDouble();
  return double.client;
});
