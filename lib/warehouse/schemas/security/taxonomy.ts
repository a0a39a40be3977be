/** Policy tags: the taxonomy of document 003, looked up by display name because the service gives the ids. */
import type { GoogleApi } from '@/lib/platform/http/google-api';
import type { PolicyTagName } from '@/lib/warehouse/schemas/definition';
import type { PolicyTags } from '@/lib/warehouse/schemas/plan';

/** Document 003, Row-Level Security Setup, step 1. */
export const taxonomyText = {
  displayName: 'Customer Data Taxonomy',
  description: 'Policy tags for customer data isolation',
} as const;

/** Document 003, Row-Level Security Setup, step 2. */
export const policyTagTexts: Record<PolicyTagName, { displayName: string; description: string }> = {
  'customer-data': {
    displayName: 'Customer Data',
    description: "Restricts access to customer's own data",
  },
  'sensitive-data': { displayName: 'Sensitive Data', description: 'KMS encrypted sensitive fields' },
};

type Named = { name: string; displayName: string };
type Listed = { taxonomies?: Named[]; policyTags?: Named[]; nextPageToken?: string };

async function findByName(request: GoogleApi, path: string, displayName: string): Promise<string | null> {
  for (let token = ''; ; ) {
    const page = await request<Listed>(
      'GET',
      `${path}?pageSize=100${token && `&pageToken=${encodeURIComponent(token)}`}`,
    );
    const found = [...(page.taxonomies ?? []), ...(page.policyTags ?? [])].find(
      item => item.displayName === displayName,
    );
    if (found) return found.name;
    if (!page.nextPageToken) return null;
    token = page.nextPageToken;
  }
}

const taxonomiesOf = (project: string, location: string) =>
  `projects/${project}/locations/${location.toLowerCase()}/taxonomies`;

/** Resource name of the taxonomy, or null where it is not made yet. */
export const findTaxonomy = (request: GoogleApi, project: string, location: string) =>
  findByName(request, taxonomiesOf(project, location), taxonomyText.displayName);

/** Makes the taxonomy; columns under its tags are then closed to all but fine-grained readers. */
export async function createTaxonomy(request: GoogleApi, project: string, location: string): Promise<void> {
  const json = { ...taxonomyText, activatedPolicyTypes: ['FINE_GRAINED_ACCESS_CONTROL'] };
  await request('POST', taxonomiesOf(project, location), json);
}

/** Resource name of one tag, or null where the tag or its taxonomy is not made yet. */
export async function findPolicyTag(request: GoogleApi, project: string, location: string, tag: PolicyTagName) {
  const taxonomy = await findTaxonomy(request, project, location);
  return taxonomy && findByName(request, `${taxonomy}/policyTags`, policyTagTexts[tag].displayName);
}

/** Makes one tag in the taxonomy; throws where the taxonomy is missing. */
export async function createPolicyTag(request: GoogleApi, project: string, location: string, tag: PolicyTagName) {
  const taxonomy = await findTaxonomy(request, project, location);
  if (!taxonomy) throw new Error(`the taxonomy "${taxonomyText.displayName}" does not exist`);
  await request('POST', `${taxonomy}/policyTags`, policyTagTexts[tag]);
}

/** Resource names of the tags that exist. */
export async function findPolicyTags(request: GoogleApi, project: string, location: string): Promise<PolicyTags> {
  const names = Object.keys(policyTagTexts) as PolicyTagName[];
  const found = await Promise.all(
    names.map(async name => [name, await findPolicyTag(request, project, location, name)] as const),
  );
  return Object.fromEntries(found.filter(([, resource]) => resource));
}
