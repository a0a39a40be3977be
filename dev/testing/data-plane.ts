/** Calls of the data plane for tests: keys to call with, and both servers to call. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { World } from '@/dev/testing/world';
import { createKey } from '@/lib/domains/keys/commands';
import type { RateTier } from '@/lib/domains/keys/rules';
import { createServiceKey } from '@/lib/domains/keys/service-keys';
import { app } from '@/lib/edge/v1/app';
import { listener } from '@/lib/edge/v1/node-server';
import { systemCtx } from '@/lib/kernel/ctx';
import { customerScopes, type Permission, serviceScopes } from '@/lib/kernel/permissions';

export type TestKey = { id: string; text: string };

/** A key of the world's customer; all scopes and no rate limit unless told otherwise. */
export async function customerKey(world: World, scopes?: Permission[], tier: RateTier = 'UNLIMITED'): Promise<TestKey> {
  const input = { name: 'Test key', scopes: scopes ?? [...customerScopes], rate_limit_tier: tier };
  const { result } = await createKey(world.system, input);
  return { id: result.key.api_key_id, text: result.secret.reveal() };
}

/** A key of the operator; all scopes unless told otherwise. */
export async function serviceKey(scopes?: Permission[], tier: RateTier = 'UNLIMITED'): Promise<TestKey> {
  const input = { name: 'Test service', scopes: scopes ?? [...serviceScopes], rate_limit_tier: tier };
  const { result } = await createServiceKey(systemCtx('test'), input);
  return { id: result.key.api_key_id, text: result.secret.reveal() };
}

export type Sent = { method?: string; key?: string; json?: unknown; headers?: Record<string, string>; body?: BodyInit };
export type Received = { status: number; headers: Headers; text: string; json: Record<string, unknown> };
export type Transport = { name: string; open: () => Promise<{ send: typeof fetch; close: () => Promise<void> }> };

const viaHono: Transport = {
  name: 'the Hono app',
  open: async () => ({
    send: async (input, init) => app.fetch(new Request(input as string, init)),
    close: async () => {},
  }),
};

const viaNode: Transport = {
  name: 'node:http',
  open: async () => {
    const server = createServer(listener);
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    return {
      send: (input, init) => fetch(String(input).replace('http://data-plane', `http://127.0.0.1:${port}`), init),
      close: async () => {
        server.closeAllConnections();
        await new Promise(resolve => server.close(resolve));
      },
    };
  },
};

/** Both ways the data plane is served; what holds for one must hold for the other. */
export const transports: Transport[] = [viaHono, viaNode];

/** A function that sends calls over an open transport. */
export function caller(send: typeof fetch) {
  return async (path: string, { method = 'GET', key, json, headers = {}, body }: Sent = {}): Promise<Received> => {
    const all = new Headers(headers);
    if (key !== undefined) all.set('authorization', `Bearer ${key}`);
    if (json !== undefined) all.set('content-type', 'application/json');
    const init = { method, headers: all, body: json === undefined ? body : JSON.stringify(json), duplex: 'half' };
    const response = await send(`http://data-plane${path}`, init as RequestInit);
    const text = await response.text();
    const isJson = /json/.test(response.headers.get('content-type') ?? '') && text !== '';
    return { status: response.status, headers: response.headers, text, json: isJson ? JSON.parse(text) : {} };
  };
}
