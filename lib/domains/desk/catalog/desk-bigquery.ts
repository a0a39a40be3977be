/** The client that a customer's queries are sent by: on the service it acts as the customer's own account. Source: docs/desk.md, Three layers decide. */
import type { BigQuery } from '@google-cloud/bigquery';
import { LRUCache } from 'lru-cache';
import { deskAccountEmail } from '@/lib/domains/desk/catalog/desk-account';
import type { CustomerCtx } from '@/lib/kernel/ctx';
import { bigquery } from '@/lib/platform/bigquery/bigquery';
import { type Impersonation, impersonatedBigQuery } from '@/lib/platform/bigquery/impersonated';
import { env } from '@/lib/platform/env';
import { AppError } from '@/lib/platform/errors';
import { log } from '@/lib/platform/log';
import { processWide } from '@/lib/platform/process-wide';
import { storeOf } from '@/lib/warehouse/schemas/rest';

const clients = () => processWide('desk-bigquery', () => new LRUCache<string, Promise<BigQuery>>({ max: 1_000 }));

/** Says to callers that the desk is closed and to operators why. */
export function deskClosed(customerId: string, cause: unknown): AppError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  log().error(
    { customer: customerId, account: deskAccountEmail(customerId, env().GOOGLE_CLOUD_PROJECT), reason },
    'the query desk is closed to a customer whose service account does not work: run schemas security apply',
  );
  const message = 'Queries are not set up for your organization yet. Write to us, and we will open them.';
  return new AppError('desk_closed', message, { cause });
}

function tokenProblem(customerId: string, error: unknown): AppError {
  const { status } = error as { status?: unknown };
  // 400 is answered for an account that is disabled, 403 without the right to act as it, 404 where it is not there.
  if (typeof status === 'number' && [400, 401, 403, 404].includes(status)) return deskClosed(customerId, error);
  log().warn({ customer: customerId, reason: String(error) }, 'no token of a service account of the query desk');
  const message = 'BigQuery is not reachable. Try again shortly.';
  return new AppError('warehouse_unavailable', message, { retryAfterSeconds: 30, cause: error });
}

/** A client as the customer's account that has a token; kept a customer. AppError desk_closed, warehouse_unavailable. */
export async function accountBigQuery(
  customerId: string,
  { projectId, ...impersonation }: Omit<Impersonation, 'account'>,
): Promise<BigQuery> {
  let client = clients().get(customerId);
  if (!client) {
    client = impersonatedBigQuery({ ...impersonation, projectId, account: deskAccountEmail(customerId, projectId) });
    clients().set(customerId, client);
  }
  try {
    const ready = await client;
    await ready.authClient.getAccessToken();
    return ready;
  } catch (error) {
    clients().delete(customerId);
    throw tokenProblem(customerId, error);
  }
}

/**
 * The client of the customer's queries: on the service as its own account, which may read the desk's views and nothing else; on a
 * local store, which knows no accounts, the process's own. AppError desk_closed, warehouse_unavailable.
 */
export const deskBigQuery = async ({ customerId }: CustomerCtx): Promise<BigQuery> =>
  storeOf(bigquery()) === 'local' ? bigquery() : accountBigQuery(customerId, { projectId: env().GOOGLE_CLOUD_PROJECT });
