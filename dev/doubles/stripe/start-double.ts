/** Starts a Stripe double of one's own on a free port, for tests that must not bend the shared one. */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import Stripe from 'stripe';
import { testCatalog } from '@/dev/doubles/stripe/test-catalog';
import { nodeBinary, tsxArguments } from '@/dev/stack/paths';
import { answers } from '@/dev/stack/supervisor';

export type StartedDouble = {
  url: string;
  /** The official client of this double. */
  client: Stripe;
  /** A call of `/_control/<name>`; its answer's JSON. Throws where the double refuses. */
  control: <Answer = Record<string, unknown>>(name: string, body?: object) => Promise<Answer>;
  /** Ends it by SIGTERM, or as a crash would. Its state stays for `start` to go on with. */
  end: (signal?: NodeJS.Signals) => Promise<void>;
  /** Starts it again at the same address. */
  start: () => Promise<void>;
  /** Ends it and removes its state. */
  stop: () => Promise<void>;
};

const startTimeoutMs = 30_000;

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      const port = typeof address === 'object' && address ? address.port : 0;
      server.close(() => resolve(port));
    });
  });
}

/** The official client of a double, without retries so that a test sees each answer. */
export function clientOf(url: string, key = 'sk_test_of_this_test'): Stripe {
  const { hostname, port } = new URL(url);
  return new Stripe(key, { host: hostname, port: Number(port), protocol: 'http', maxNetworkRetries: 0 });
}

function controlOf(url: string): StartedDouble['control'] {
  return async (name, body) => {
    const init = body ? { method: 'POST', body: JSON.stringify(body) } : {};
    const response = await fetch(`${url}/_control/${name}`, init);
    if (!response.ok) throw new Error(`/_control/${name} answered ${response.status}: ${await response.text()}`);
    return response.json();
  };
}

/** Starts one with a state of its own; `env` adds variables of the double. */
export async function startDouble(env: Record<string, string> = {}): Promise<StartedDouble> {
  const dir = mkdtempSync(join(tmpdir(), 'stripe-double-'));
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const variables = {
    DOUBLE_PORT: String(port),
    DOUBLE_STATE_FILE: join(dir, 'stripe.json'),
    // A test run that is killed leaves no double behind: the pipe between them closes.
    DOUBLE_ENDS_WITH_STARTER: '1',
    STRIPE_CATALOG: JSON.stringify(Object.values(testCatalog)),
  };
  let child: ReturnType<typeof spawn> | undefined;
  const start = async () => {
    const started = spawn(nodeBinary(), tsxArguments('dev/doubles/stripe/server.ts'), {
      env: { ...process.env, ...variables, ...env },
      stdio: ['pipe', 'ignore', 'inherit'],
    });
    child = started;
    const until = Date.now() + startTimeoutMs;
    while (!(await answers(`${url}/health`))) {
      if (started.exitCode !== null) throw new Error(`The double ended with code ${started.exitCode}.`);
      if (Date.now() > until) throw new Error('The double does not answer.');
      await sleep(30);
    }
  };
  const end = async (signal: NodeJS.Signals = 'SIGTERM') => {
    const ending = child;
    if (!ending || ending.exitCode !== null || ending.signalCode !== null) return;
    const ended = new Promise(resolve => ending.once('exit', resolve));
    ending.kill(signal);
    await ended;
  };
  const stop = async () => {
    await end();
    rmSync(dir, { recursive: true, force: true });
  };
  try {
    await start();
  } catch (error) {
    await stop();
    throw error;
  }
  return { url, client: clientOf(url), control: controlOf(url), end, start, stop };
}
