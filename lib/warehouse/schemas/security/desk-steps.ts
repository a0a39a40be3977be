/** What a customer's service account of the query desk needs, and nothing beyond it. Source: docs/desk.md, The customer's service account. */

import { setTimeout as sleep } from 'node:timers/promises';
import type { BigQuery } from '@google-cloud/bigquery';
import { BigQueryStatementError } from '@/lib/platform/bigquery/bigquery';
import { type GoogleApi, GoogleApiError } from '@/lib/platform/http/google-api';
import { ensureDeskDataset } from '@/lib/warehouse/schemas/desk-dataset';
import { getDataset } from '@/lib/warehouse/schemas/rest';
import { giveAccess, hasAccess, readerEntry, viewsEntry } from '@/lib/warehouse/schemas/security/dataset-access';
import { hasMembers, type Policy, withMembers } from '@/lib/warehouse/schemas/security/iam';
import type { SecurityStep } from '@/lib/warehouse/schemas/security/steps';

export type DeskTarget = {
  customerId: string;
  /** Id of the customer's service account, and its address. */
  accountId: string;
  account: string;
  deskDataset: string;
  /** Datasets that the desk's views read, as far as they are there; others let the views in when the first one is made. */
  bases: { client: BigQuery; dataset: string }[];
};

export type DeskOptions = {
  client: BigQuery;
  projectId: string;
  location: string;
  iam: GoogleApi;
  projects: GoogleApi;
  /** The account that the product runs as: `serviceAccount:…`. */
  portal: string;
  /** Wait before a request is repeated that came too early or too late; doubled each time. */
  waitMs?: number;
};

const tokenCreator = 'roles/iam.serviceAccountTokenCreator';
const jobUser = 'roles/bigquery.jobUser';
const attempts = 5;

const isMissing = (error: unknown): boolean => error instanceof GoogleApiError && error.status === 404;
const isUnknownAccount = (error: unknown): boolean =>
  (error instanceof BigQueryStatementError || (error instanceof GoogleApiError && [400, 404].includes(error.status))) &&
  /does not exist|not found/i.test(error.message);
/** Another write came between, or a service does not know yet of an account that was just made. */
const passes = (error: unknown): boolean =>
  (error instanceof GoogleApiError && error.status === 409) || isUnknownAccount(error);

async function repeatedly(work: () => Promise<void>, waitMs = 1_000): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work();
    } catch (error) {
      if (attempt === attempts || !passes(error)) throw error;
      await sleep(waitMs * 2 ** (attempt - 1));
    }
  }
}

type PolicyPlace = {
  read: () => Promise<Policy>;
  write: (policy: Policy) => Promise<unknown>;
  waitMs: number | undefined;
};

/** A step that gives a role to one member by a binding without a condition; conditional ones stay as they are. */
function roleStep(what: string, role: string, member: string, { read, write, waitMs }: PolicyPlace): SecurityStep {
  return {
    what,
    serviceOnly: true,
    isDone: async () => {
      try {
        return hasMembers(await read(), role, [member]);
      } catch (error) {
        if (isMissing(error)) return false;
        throw error;
      }
    },
    make: () =>
      repeatedly(async () => {
        // Version 3 is what keeps conditions of others; the etag stays, so that a write in between is refused.
        await write({ ...withMembers(await read(), role, [member]), version: 3 });
      }, waitMs),
  };
}

const datasetStep = ({ client, location }: DeskOptions, { deskDataset }: DeskTarget): SecurityStep => ({
  what: `dataset ${deskDataset}`,
  serviceOnly: false,
  isDone: async () => (await getDataset(client, deskDataset)) !== null,
  make: () => ensureDeskDataset(client, deskDataset, location),
});

function accountStep({ iam, projectId }: DeskOptions, { accountId, account, customerId }: DeskTarget): SecurityStep {
  return {
    what: `service account ${account}`,
    serviceOnly: true,
    isDone: async () => {
      try {
        await iam('GET', `projects/${projectId}/serviceAccounts/${account}`);
        return true;
      } catch (error) {
        if (isMissing(error)) return false;
        throw error;
      }
    },
    make: async () => {
      const serviceAccount = { displayName: 'Query desk', description: `Runs the queries of customer ${customerId}.` };
      try {
        await iam('POST', `projects/${projectId}/serviceAccounts`, { accountId, serviceAccount });
      } catch (error) {
        if (!(error instanceof GoogleApiError && error.status === 409)) throw error;
      }
    },
  };
}

function policySteps(
  { iam, projects, projectId, portal, waitMs }: DeskOptions,
  { account }: DeskTarget,
): SecurityStep[] {
  const resource = `projects/${projectId}/serviceAccounts/${account}`;
  return [
    roleStep(`${tokenCreator} on ${account}: ${portal}`, tokenCreator, portal, {
      read: () => iam('POST', `${resource}:getIamPolicy?options.requestedPolicyVersion=3`),
      write: policy => iam('POST', `${resource}:setIamPolicy`, { policy }),
      waitMs,
    }),
    roleStep(`${jobUser} on the project: ${account}`, jobUser, `serviceAccount:${account}`, {
      read: () => projects('POST', `projects/${projectId}:getIamPolicy`, { options: { requestedPolicyVersion: 3 } }),
      write: policy => projects('POST', `projects/${projectId}:setIamPolicy`, { policy }),
      waitMs,
    }),
  ];
}

function readerStep({ client, waitMs }: DeskOptions, { account, deskDataset }: DeskTarget): SecurityStep {
  const entry = readerEntry(account);
  return {
    what: `READER of ${deskDataset}: ${account}`,
    serviceOnly: true,
    isDone: () => hasAccess(client, deskDataset, entry),
    make: () => repeatedly(() => giveAccess(client, deskDataset, entry), waitMs),
  };
}

const viewsStep = (
  projectId: string,
  deskDataset: string,
  { client, dataset }: DeskTarget['bases'][number],
): SecurityStep => {
  const entry = viewsEntry(projectId, deskDataset);
  return {
    what: `views of ${deskDataset} authorized on ${dataset}`,
    serviceOnly: true,
    isDone: () => hasAccess(client, dataset, entry),
    make: () => giveAccess(client, dataset, entry),
  };
};

/** All steps for one customer, in the order in which they must be made. */
export function deskSteps(options: DeskOptions, target: DeskTarget): SecurityStep[] {
  return [
    datasetStep(options, target),
    accountStep(options, target),
    ...policySteps(options, target),
    readerStep(options, target),
    ...target.bases.map(base => viewsStep(options.projectId, target.deskDataset, base)),
  ];
}
