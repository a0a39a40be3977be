/** Services, a data plane and a worker of the drill's own, whose processes it may kill and start again at the same addresses. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { checkoutDir, nodeBinary, tsxArguments } from '@/dev/stack/paths';
import { bigquery } from '@/dev/stack/services/bigquery';
import { throwawayDir } from '@/dev/stack/services/throwaway';
import { openStack, type Stack } from '@/dev/stack/stack';
import { bigquery as bigqueryClient } from '@/lib/platform/bigquery/bigquery';
import { closeDb } from '@/lib/platform/db';
import { migrate } from '@/lib/platform/migrate';
import { applySchemas } from '@/lib/warehouse/schemas/apply';

type Server = { child: ChildProcess; port: number };

/** Starts one of our servers and waits until it prints its port. */
async function serve(file: string, env: Record<string, string>, port: number): Promise<Server> {
  const child = spawn(nodeBinary(), tsxArguments(file), {
    cwd: checkoutDir,
    env: { ...process.env, ...env, PORT: String(port), HOST: '127.0.0.1', LOG_LEVEL: 'info' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  const listeningAt = await new Promise<number>((found, reject) => {
    child.stdout.on('data', (part: Buffer) => {
      if (output.length < 100_000) output += String(part);
      const listening = /"port":(\d+)/.exec(output)?.[1];
      if (listening) found(Number(listening));
    });
    child.once('exit', code => reject(new Error(`${file} ended with ${code}: ${output}`)));
  });
  return { child, port: listeningAt };
}

async function end({ child }: Server, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill(signal);
  await ended;
}

export class Stand {
  private constructor(
    readonly stack: Stack,
    readonly dir: string,
    readonly env: Record<string, string>,
    private plane: Server,
    private readonly worker: Server,
  ) {}

  static async open(say: (line: string) => void): Promise<Stand> {
    const dir = resolve(throwawayDir('.local/drill-reports'));
    const stack = await openStack({ dir, throwaway: true, say });
    const { env } = await stack.start();
    Object.assign(process.env, env, { LOG_LEVEL: 'error' });
    await migrate(env.DATABASE_URL ?? '');
    await applySchemas(bigqueryClient(), { dataset: 'customers', folder: 'customers', location: 'US' });
    const plane = await serve('lib/edge/v1/main.ts', env, 0);
    const worker = await serve('lib/edge/worker/main.ts', env, 0);
    return new Stand(stack, dir, env, plane, worker);
  }

  get url(): string {
    return `http://127.0.0.1:${this.plane.port}`;
  }

  /** Kills the data plane and starts it again at the same address. */
  async killDataPlane(): Promise<void> {
    await end(this.plane, 'SIGKILL');
    this.plane = await serve('lib/edge/v1/main.ts', this.env, this.plane.port);
  }

  /** Kills BigQuery, leaves it away for as long as `meanwhile` takes, and starts it again with what it had stored. */
  async killBigQuery(meanwhile: () => Promise<void>): Promise<void> {
    const { supervisor } = this.stack;
    const pid = supervisor.pidOf('bigquery');
    process.kill(pid, 'SIGKILL');
    await meanwhile();
    const port = Number(new URL(this.env.BIGQUERY_API_URL ?? '').port);
    const options = { port, projectId: this.env.GOOGLE_CLOUD_PROJECT ?? '', say: () => {} };
    await supervisor.start(await bigquery(this.dir, options));
  }

  async close(): Promise<void> {
    await Promise.all([end(this.plane, 'SIGTERM'), end(this.worker, 'SIGTERM')]);
    await closeDb();
    await this.stack.stop();
  }
}
