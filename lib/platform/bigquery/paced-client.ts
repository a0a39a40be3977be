/** A client that stays below the service's limit of requests, for work that would otherwise ask as fast as it can. */
import type { BigQuery } from '@google-cloud/bigquery';
import { SlidingWindow } from '@/lib/platform/bigquery/sliding-window';

/** Half of the 100 a second and user that the service takes: the product's processes are the same user. */
const requestLimit = { atMost: 50, withinMs: 1_000 };

/** Makes every request of this client's wait for its turn; answers the client. */
export function pacedClient(client: BigQuery): BigQuery {
  const window = new SlidingWindow(requestLimit);
  const request = client.authClient.request.bind(client.authClient);
  client.authClient.request = async options => {
    await window.turn();
    return request(options);
  };
  return client;
}
