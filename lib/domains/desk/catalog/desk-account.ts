/** The service account that a customer's queries run as. Source: docs/desk.md, The customer's service account. */
import { createHash } from 'node:crypto';

/** Its id: BigQuery's accounts have 6 to 30 signs, so that the customer's id is hashed. */
export const deskAccountId = (customerId: string): string =>
  `desk-${createHash('sha256').update(customerId).digest('hex').slice(0, 24)}`;

/** Its address in the project. */
export const deskAccountEmail = (customerId: string, projectId: string): string =>
  `${deskAccountId(customerId)}@${projectId}.iam.gserviceaccount.com`;
