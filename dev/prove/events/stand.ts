/** Services, a data plane and a worker whose parts are killed and started again one by one, in a folder of their own. */
import { randomInt } from 'node:crypto';
import { join } from 'node:path';
import { bundle } from '@/dev/prove/events/bundle';
import { checkoutDir, nodeBinary } from '@/dev/stack/paths';
import { localSecrets } from '@/dev/stack/secrets';
import { bigquery } from '@/dev/stack/services/bigquery';
import { postgres } from '@/dev/stack/services/postgres';
import { openStack, removeState, type Stack } from '@/dev/stack/stack';
import { answers, type ProcessPlan } from '@/dev/stack/supervisor';
import { bigquery as bigqueryClient } from '@/lib/platform/bigquery/bigquery';
import { migrate } from '@/lib/platform/migrate';
import { applySchemas } from '@/lib/warehouse/schemas/apply';

export const parts = ['data-plane', 'worker', 'bigquery', 'postgres'] as const;
export type Part = (typeof parts)[number];

const silent = () => {};
const apps = { 'data-plane': 'lib/edge/v1/main.ts', worker: 'lib/edge/worker/main.ts' };
/** On a machine where everything waits for its turn a start may take a minute. */
const startTimeoutMs = 240_000;

/**
 * Ports of the stand's own, beyond those that other stacks look for a free one among: one that took the port of a part that is
 * down would be spoken to in its place.
 */
function ownPorts(): Record<string, string> {
  const first = 20_000 + randomInt(800) * 12;
  const names = [
    'PORTAL',
    'BIGQUERY',
    'BIGQUERY_STORAGE',
    'POSTGRES',
    'KMS',
    'STRIPE',
    'GOOGLE',
    'MAIL',
    'PROVIDERS',
    'DATA_PLANE',
    'WORKER',
  ];
  return Object.fromEntries(names.map((name, index) => [`TENANTRY_${name}_PORT`, String(first + index)]));
}

export class Stand {
  private constructor(
    private readonly dir: string,
    readonly stack: Stack,
    readonly env: Record<string, string>,
    /** What differs for the apps. */
    private readonly appEnv: Record<string, string>,
    readonly ports: { 'data-plane': number; worker: number },
  ) {}

  /**
   * Starts everything on empty stores in `.local/<name>`; the apps are up when it resolves, and this process reads the same
   * environment. Stands of different names may run at the same time. `appSettings` makes settings for the apps alone of the
   * environment of the services.
   */
  static async start(
    name: string,
    settings: Record<string, string> = {},
    appSettings: (env: Record<string, string>) => Promise<Record<string, string>> = async () => ({}),
  ): Promise<Stand> {
    const dir = join(checkoutDir, '.local', name);
    // What is started inherits them; this process has begun without them.
    Object.assign(process.env, ownPorts(), settings);
    const stack = await openStack({ dir, throwaway: false, replace: true, say: silent });
    removeState(dir);
    const started = await stack.start();
    const planePort = await started.ports.take('data-plane', 8180);
    const workerPort = await started.ports.take('worker', 8181);
    const env = { ...started.env, ...settings };
    Object.assign(process.env, env, { LOG_LEVEL: 'error' });
    const stand = new Stand(dir, stack, env, await appSettings(env), { 'data-plane': planePort, worker: workerPort });
    bundle(apps, join(dir, 'apps'));
    await migrate(env.DATABASE_URL ?? '');
    await applySchemas(bigqueryClient(), { dataset: 'customers', folder: 'customers', location: 'US' });
    await stand.restart('data-plane');
    await stand.restart('worker');
    return stand;
  }

  get dataPlane(): string {
    return `http://127.0.0.1:${this.ports['data-plane']}`;
  }

  /** Kills the part and all that it had started, at once. */
  kill(part: Part): void {
    const pid = this.stack.supervisor.newestPidOf(part);
    // The server of Postgres leads a group; its sessions are in it.
    process.kill(part === 'postgres' ? -pid : pid, 'SIGKILL');
  }

  /** Starts the part, which must not be running, and waits until it answers. */
  restart = async (part: Part): Promise<void> =>
    this.stack.supervisor.start({ ...(await this.#plan(part)), startTimeoutMs });

  stop = (): Promise<void> => this.stack.stop();

  async #plan(part: Part): Promise<ProcessPlan> {
    switch (part) {
      case 'data-plane':
      case 'worker':
        return this.#app(part);
      case 'bigquery': {
        const projectId = this.env.GOOGLE_CLOUD_PROJECT ?? '';
        const [port, grpcPort] = [portOf(this.env.BIGQUERY_API_URL), portOf(this.env.BIGQUERY_STORAGE_API_URL)];
        return bigquery(this.dir, { port, grpcPort, projectId, say: silent });
      }
      case 'postgres': {
        const password = localSecrets(this.dir).postgresPassword;
        return (await postgres(this.dir, { port: portOf(this.env.DATABASE_URL), password, throwaway: false })).plan;
      }
      default:
        return part satisfies never;
    }
  }

  #app(part: 'data-plane' | 'worker'): ProcessPlan {
    const port = String(this.ports[part]);
    return {
      name: part,
      command: nodeBinary(),
      args: [join(this.dir, 'apps', `${part}.js`)],
      env: {
        ...this.env,
        ...this.appEnv,
        NODE_ENV: 'production',
        LOG_LEVEL: 'warn',
        PORT: port,
        WORKER_PORT: port,
        NODE_COMPILE_CACHE: join(this.dir, 'apps/compiled'),
      },
      cwd: checkoutDir,
      stage: 'app',
      healthy: () => answers(`http://127.0.0.1:${port}/health`),
    };
  }
}

const portOf = (url = ''): number => Number(new URL(url).port);
