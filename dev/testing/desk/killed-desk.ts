/** A process for the tests that runs a query of the desk and dies of SIGKILL at the point named: `<customer> <dataset> <token> reserved|sent`. */

import { jobOf } from '@/lib/domains/desk/run/end-query';
import { reserveQuery } from '@/lib/domains/desk/run/reserve-query';
import { requireCustomer, systemCtx } from '@/lib/kernel/ctx';
import { bigquery } from '@/lib/platform/bigquery/bigquery';
import { runQueryJob } from '@/lib/platform/bigquery/query-job';

const [customerId = '', tenantDatasetId = '', token = '', point] = process.argv.slice(2);
const ctx = requireCustomer(systemCtx('killed', { customerId, tenantDatasetId }));
const input = { sql: 'SELECT sha FROM commits', request_token: token, asked_via: 'api' };
const { result } = await reserveQuery(ctx, input);
if (point === 'sent') await runQueryJob(jobOf(ctx, result.query), bigquery());
process.kill(process.pid, 'SIGKILL');
await new Promise(() => undefined);
