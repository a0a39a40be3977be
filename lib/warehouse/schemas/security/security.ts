/** Row security for people who query BigQuery directly: views, their authorization, policy tags, grants (document 003). */
import { createHash } from 'node:crypto';
import type { BigQuery } from '@google-cloud/bigquery';
import { bigqueryRequest } from '@/lib/platform/bigquery/bigquery';
import type { GoogleApi } from '@/lib/platform/http/google-api';
import { applySchemas } from '@/lib/warehouse/schemas/apply';
import { literal } from '@/lib/warehouse/schemas/ddl';
import { loadDefinitions, policyTagNames, type TableDefinition } from '@/lib/warehouse/schemas/definition';
import { planSchemas } from '@/lib/warehouse/schemas/plan';
import { getDataset, getTable, refusedFor, runDdl, type Store, storeOf } from '@/lib/warehouse/schemas/rest';
import {
  hasMembers,
  type Policy,
  unauthorizedViews,
  withAuthorizedViews,
  withMembers,
} from '@/lib/warehouse/schemas/security/iam';
import { makeSteps, type SecurityOutcome, type SecurityStep } from '@/lib/warehouse/schemas/security/steps';
import {
  createPolicyTag,
  createTaxonomy,
  findPolicyTag,
  findPolicyTags,
  findTaxonomy,
  policyTagTexts,
  taxonomyText,
} from '@/lib/warehouse/schemas/security/taxonomy';
import { type SecurityView, securityViews } from '@/lib/warehouse/schemas/security/views';

export type SecurityOptions = {
  client: BigQuery;
  /** Calls to the policy tag API. */
  catalog: GoogleApi;
  /** Dataset that holds the tables; the views go to `<dataset>_rls`. */
  dataset: string;
  location: string;
  /** IAM members who read the views, as `serviceAccount:…` or `group:…`; they see no sensitive column. */
  readers: string[];
  /** IAM members the product runs as; once columns are tagged, only fine-grained readers can work with them. */
  operators: string[];
  /** Told by the client's address unless given. */
  store?: Store | undefined;
};

const fineGrainedReader = 'roles/datacatalog.categoryFineGrainedReader';
const viewReader = 'roles/bigquery.dataViewer';
/** Without version 3 a policy's conditions are left out, and writing it back would remove them. */
const wholePolicy = { options: { requestedPolicyVersion: 3 } };

function datasetStep({ client, location }: SecurityOptions, viewsDataset: string): SecurityStep {
  const make = async () => {
    const datasetReference = { projectId: await client.getProjectId(), datasetId: viewsDataset };
    const json = { datasetReference, location, description: 'Views that show people the rows of their own customers.' };
    try {
      await bigqueryRequest(client, { method: 'POST', uri: '/datasets', json });
    } catch (error) {
      if (!refusedFor(error, 'duplicate', '409')) throw error;
    }
  };
  const isDone = async () => (await getDataset(client, viewsDataset)) !== null;
  return { what: `dataset ${viewsDataset}`, serviceOnly: false, isDone, make };
}

/** A view is known by a label with its text's hash: not every store answers a view's text. */
function viewStep(options: SecurityOptions, viewsDataset: string, view: SecurityView): SecurityStep {
  const { client, dataset, location } = options;
  const query = view.query.replaceAll('customers.', `${dataset}.`);
  const definition = createHash('sha256').update(query).digest('hex').slice(0, 32);
  const description = `Rows of ${dataset}.${view.table} of customers the asking person is an active member of.`;
  const isDone = async () => {
    const live = await getTable(client, viewsDataset, view.name);
    const text = live?.view?.query;
    return live?.labels?.definition === definition && (text === undefined || text.trim() === query);
  };
  const make = async () => {
    const head = `CREATE OR REPLACE VIEW \`${viewsDataset}\`.\`${view.name}\``;
    await runDdl(client, `${head} OPTIONS (description = ${literal(description)}) AS\n${query}`, location);
    const uri = `/datasets/${viewsDataset}/tables/${view.name}`;
    await bigqueryRequest(client, { method: 'PATCH', uri, json: { labels: { definition }, description } });
  };
  return { what: `view ${viewsDataset}.${view.name}`, serviceOnly: false, isDone, make };
}

function authorizationStep(options: SecurityOptions, viewsDataset: string, views: SecurityView[]): SecurityStep {
  const { client, dataset } = options;
  const references = async () => {
    const projectId = await client.getProjectId();
    return views.map(view => ({ projectId, datasetId: viewsDataset, tableId: view.name }));
  };
  return {
    what: `views of ${viewsDataset} authorized on ${dataset}`,
    serviceOnly: true,
    isDone: async () => {
      const found = await getDataset(client, dataset);
      return found !== null && unauthorizedViews(found.access ?? [], await references()).length === 0;
    },
    make: async () => {
      const found = await getDataset(client, dataset);
      if (!found) throw new Error(`the dataset ${dataset} does not exist; run \`schemas apply\` first`);
      const json = { access: withAuthorizedViews(found.access ?? [], await references()) };
      // The service refuses the whole list when someone else changed it since it was read.
      const headers: Record<string, string> = found.etag ? { 'If-Match': found.etag } : {};
      await bigqueryRequest(client, { method: 'PATCH', uri: `/datasets/${dataset}`, json, headers });
    },
  };
}

async function taxonomySteps({ client, catalog, location }: SecurityOptions): Promise<SecurityStep[]> {
  const project = await client.getProjectId();
  const taxonomy: SecurityStep = {
    what: `taxonomy "${taxonomyText.displayName}"`,
    serviceOnly: true,
    isDone: async () => (await findTaxonomy(catalog, project, location)) !== null,
    make: () => createTaxonomy(catalog, project, location),
  };
  const tags = policyTagNames.map<SecurityStep>(tag => ({
    what: `policy tag "${policyTagTexts[tag].displayName}"`,
    serviceOnly: true,
    isDone: async () => (await findPolicyTag(catalog, project, location, tag)) !== null,
    make: () => createPolicyTag(catalog, project, location, tag),
  }));
  return [taxonomy, ...tags];
}

/** Readers see customer_id; only the product itself also the sealed columns. */
async function tagGrantSteps(options: SecurityOptions): Promise<SecurityStep[]> {
  const { client, catalog, location, readers, operators } = options;
  const project = await client.getProjectId();
  return policyTagNames.map(tag => {
    const members = tag === 'customer-data' ? [...operators, ...readers] : operators;
    const policyOf = async (resource: string) => catalog<Policy>('POST', `${resource}:getIamPolicy`, wholePolicy);
    return {
      what: `fine-grained reader of "${policyTagTexts[tag].displayName}": ${members.join(', ') || 'nobody'}`,
      serviceOnly: true,
      isDone: async () => {
        const resource = await findPolicyTag(catalog, project, location, tag);
        return resource !== null && hasMembers(await policyOf(resource), fineGrainedReader, members);
      },
      make: async () => {
        const resource = await findPolicyTag(catalog, project, location, tag);
        if (!resource) throw new Error(`the policy tag "${policyTagTexts[tag].displayName}" does not exist`);
        const policy = withMembers(await policyOf(resource), fineGrainedReader, members);
        await catalog('POST', `${resource}:setIamPolicy`, { policy });
      },
    };
  });
}

async function taggedColumnsStep(options: SecurityOptions, definitions: TableDefinition[]): Promise<SecurityStep> {
  const { client, catalog, dataset, location, operators, store } = options;
  const project = await client.getProjectId();
  return {
    what: `policy tags on the columns of ${dataset}`,
    serviceOnly: true,
    isDone: async () => {
      const policyTags = await findPolicyTags(catalog, project, location);
      if (Object.keys(policyTags).length < policyTagNames.length) return false;
      const changes = await planSchemas(client, { dataset, definitions, policyTags, store });
      return !changes.some(change => change.kind === 'set_policy_tag' || change.kind === 'create_table');
    },
    make: async () => {
      if (!operators.length) {
        throw new Error('name the account the product runs as with --operator: untold, tagging would lock it out');
      }
      const policyTags = await findPolicyTags(catalog, project, location);
      const changes = await applySchemas(client, { dataset, folder: 'customers', location, policyTags, store });
      const refused = changes.filter(change => change.kind === 'refuse');
      if (refused.length) throw new Error(refused.map(change => `${change.table}: ${change.detail}`).join('\n'));
    },
  };
}

function viewGrantStep(options: SecurityOptions, viewsDataset: string, view: SecurityView): SecurityStep {
  const { client, readers } = options;
  const uri = `/datasets/${viewsDataset}/tables/${view.name}`;
  const policyOf = () =>
    bigqueryRequest<Policy>(client, { method: 'POST', uri: `${uri}:getIamPolicy`, json: wholePolicy });
  return {
    what: `${viewReader} on ${viewsDataset}.${view.name}: ${readers.join(', ') || 'nobody'}`,
    serviceOnly: true,
    isDone: async () => {
      if (!(await getTable(client, viewsDataset, view.name))) return false;
      return hasMembers(await policyOf(), viewReader, readers);
    },
    make: async () => {
      const json = { policy: withMembers(await policyOf(), viewReader, readers) };
      await bigqueryRequest(client, { method: 'POST', uri: `${uri}:setIamPolicy`, json });
    },
  };
}

/** All steps in the order they must be made: nobody is locked out of a column before the right people may read it. */
async function securitySteps(options: SecurityOptions): Promise<SecurityStep[]> {
  const definitions = loadDefinitions('customers');
  const views = securityViews(definitions);
  const viewsDataset = `${options.dataset}_rls`;
  return [
    datasetStep(options, viewsDataset),
    ...views.map(view => viewStep(options, viewsDataset, view)),
    authorizationStep(options, viewsDataset, views),
    ...views.map(view => viewGrantStep(options, viewsDataset, view)),
    ...(await taxonomySteps(options)),
    ...(await tagGrantSteps(options)),
    await taggedColumnsStep(options, definitions),
  ];
}

/**
 * Checks each step and, with `make`, does what is missing; doing it again changes nothing.
 * What a local BigQuery cannot do is told as `not available here`. Document 003, Row-Level Security Setup.
 */
export async function secureDatasets(options: SecurityOptions, make: boolean): Promise<SecurityOutcome[]> {
  return makeSteps(await securitySteps(options), { make, store: options.store ?? storeOf(options.client) });
}
