/** The double on a port of loopback, in the process of its caller. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Warehouse } from '@/dev/doubles/warehouse/warehouse';

/** Serves until `close`; `url` is what a client takes for BigQuery's. */
export async function serveWarehouse(warehouse: Warehouse): Promise<{ url: string; close: () => void }> {
  const server = createServer(async (incoming, outgoing) => {
    const [, path = ''] = /\/projects\/[^/]+(\/[^?]*)/.exec(incoming.url ?? '') ?? [];
    const text = Buffer.concat(await incoming.toArray()).toString();
    const { status, json } = await warehouse.answer(
      incoming.method ?? 'GET',
      path,
      text ? JSON.parse(text) : undefined,
    );
    outgoing.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(json));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}
