/** A data plane for outside clients that send traces, which may answer its first requests by 503 as if it were busy. */
import { spawn } from 'node:child_process';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { checkoutDir } from '@/dev/stack/paths';
import { type KeptAgentLog, keptAgentLog } from '@/dev/testing/agent-log/kept';
import { customerKey } from '@/dev/testing/data-plane';
import { keptTraces } from '@/dev/testing/traces/kept';
import { createWorld } from '@/dev/testing/world';
import type { TraceRow } from '@/lib/domains/traces/normalize/trace-row';
import { listener } from '@/lib/edge/v1/node-server';

export type ClientScene = {
  /** Address of POST /v1/traces. */
  endpoint: string;
  key: string;
  /** Statuses that were answered, in their order. */
  statuses: number[];
  /** What the log holds of the customer. */
  rows: () => Promise<TraceRow[]>;
  /** The same of the agent log. */
  events: () => Promise<KeptAgentLog['rows']>;
  close: () => Promise<void>;
};

/** A data plane that refuses the first `busyRequests`, and a customer whose traces it takes. */
export async function openClientScene(busyRequests = 0): Promise<ClientScene> {
  const world = await createWorld();
  const statuses: number[] = [];
  let seen = 0;
  const server = createServer((incoming, outgoing) => {
    outgoing.on('finish', () => statuses.push(outgoing.statusCode));
    seen += 1;
    if (seen > busyRequests) listener(incoming, outgoing);
    else incoming.resume().on('end', () => outgoing.writeHead(503, { 'retry-after': '1' }).end());
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1/traces`,
    key: (await customerKey(world)).text,
    statuses,
    rows: async () => (await keptTraces(world.customerId)).rows,
    events: async () => (await keptAgentLog(world.customerId)).rows,
    close: async () => {
      server.closeAllConnections();
      await new Promise(resolve => server.close(resolve));
    },
  };
}

/** Runs a client's script to its end; answers what it printed. LiteLLM is kept from asking the network for its prices. */
export function runClient(python: string, script: string, args: string[]): Promise<string> {
  const env = { ...process.env, LITELLM_LOCAL_MODEL_COST_MAP: 'True' };
  const child = spawn(python, [script, ...args], { cwd: checkoutDir, env, stdio: ['ignore', 'pipe', 'inherit'] });
  let output = '';
  child.stdout.on('data', part => {
    output += String(part);
  });
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', code => (code === 0 ? resolve(output) : reject(new Error(`${script} ended with ${code}`))));
  });
}
