/** The query desk's part of `cli schemas security plan|apply`: accounts of customers and what they may read. */
import { WrongUse } from '@/lib/cli/command';
import { logsClient } from '@/lib/cli/schemas/agent-logs';
import { print, type Target } from '@/lib/cli/schemas/target';
import { deskCustomers, deskTarget } from '@/lib/domains/desk/catalog/desk-access';
import { googleApi, googleApis } from '@/lib/platform/http/google-api';
import { storeOf } from '@/lib/warehouse/schemas/rest';
import { type DeskOptions, deskSteps } from '@/lib/warehouse/schemas/security/desk-steps';
import { makeSteps, type SecurityOutcome } from '@/lib/warehouse/schemas/security/steps';

export type DeskChoices = { portal: string | undefined; customer: string | undefined };
export type DeskOutcome = { outcomes: SecurityOutcome[]; failed: number };

type Place = Pick<Target, 'client' | 'location'>;

/** The same APIs for all customers; a test names its own. */
async function optionsOf({ client, location }: Place, portal: string): Promise<DeskOptions> {
  const projectId = await client.getProjectId();
  return {
    client,
    projectId,
    location,
    portal,
    iam: googleApi(googleApis.iam),
    projects: googleApi(googleApis.projects),
  };
}

/**
 * Looks at, or makes, what the desk of each customer needs; a customer that fails is told and counted, the others are done all the
 * same. Throws WrongUse for a portal that is no account, and for a customer that is not there.
 */
export async function secureDesks(
  place: Place,
  { portal, customer }: DeskChoices,
  make: boolean,
): Promise<DeskOutcome> {
  if (portal === undefined) {
    if (customer !== undefined) throw new WrongUse('--customer needs --portal, the account that the product runs as.');
    print('The query desk is left out: name the account that the product runs as by --portal.');
    return { outcomes: [], failed: 0 };
  }
  if (!/^serviceAccount:[^@\s]+@[^@\s]+$/.test(portal))
    throw new WrongUse(`--portal must be serviceAccount:<address>, not ${portal}.`);
  const customers = await deskCustomers(customer);
  if (customer !== undefined && customers.length === 0) throw new WrongUse(`There is no customer ${customer}.`);
  const store = storeOf(place.client);
  const options = await optionsOf(place, portal);
  const clients = { client: place.client, logs: logsClient(place.client) };
  const done: DeskOutcome = { outcomes: [], failed: 0 };
  for (const each of customers) {
    try {
      done.outcomes.push(...(await makeSteps(deskSteps(options, await deskTarget(each, clients)), { make, store })));
    } catch (error) {
      done.failed++;
      print(`! desk of ${each.customerId}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  return done;
}
