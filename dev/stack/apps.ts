/** Our own three processes as supervised ones: portal, data plane and worker. */
import { join } from 'node:path';
import { checkoutDir, nodeBinary, tsxArguments, tsxWatchArguments } from '@/dev/stack/paths';
import type { Started } from '@/dev/stack/stack';
import { answers, type ProcessPlan, type Supervisor } from '@/dev/stack/supervisor';

/** As built for production, or from their sources, started anew when these change. */
export type AppMode = 'built' | 'watched';
export type Apps = { portal: string; dataPlane: string; worker: string };

/** Time to finish what is in flight (processes drain within 30 s), and a little for the exit itself. */
const drainMs = 32_000;
/** `next dev` compiles a page when it is first asked for. */
const firstAnswerMs = 180_000;

function app(name: string, args: string[], env: Record<string, string>, health: string): ProcessPlan {
  return {
    name,
    command: nodeBinary(),
    args,
    env: { NEXT_TELEMETRY_DISABLED: '1', ...env },
    cwd: checkoutDir,
    stage: 'app',
    graceMs: drainMs,
    startTimeoutMs: firstAnswerMs,
    healthy: () => answers(health),
  };
}

/** Starts all three and waits until each says it is healthy. */
export async function startApps(
  supervisor: Supervisor,
  { env, ports, portalPort }: Started,
  mode: AppMode = 'built',
): Promise<Apps> {
  const built = mode === 'built';
  const dataPlanePort = await ports.take('data-plane', 8080);
  const workerPort = await ports.take('worker', 8090);
  const portal = env.PORTAL_URL ?? `http://127.0.0.1:${portalPort}`;
  const dataPlane = `http://127.0.0.1:${dataPlanePort}`;
  const worker = `http://127.0.0.1:${workerPort}`;
  const next = join(checkoutDir, 'node_modules/next/dist/bin/next');
  const common = {
    NODE_ENV: built ? 'production' : 'development',
    ...env,
    NEXTAUTH_URL: portal,
    PORTAL_URL: portal,
    DATA_PLANE_URL: dataPlane,
  };
  const listen = ['--hostname', '127.0.0.1', '--port', String(portalPort)];
  const serve = built ? ['start', ...listen, '--keepAliveTimeout', '620000'] : ['dev', ...listen];
  const run = built ? tsxArguments : tsxWatchArguments;
  const withPort = (port: number) => ({ ...common, PORT: String(port) });
  await ports.letGo(portalPort);
  await Promise.all([
    supervisor.start(app('portal', [next, ...serve], withPort(portalPort), `${portal}/api/health`)),
    supervisor.start(app('data-plane', run('lib/edge/v1/main.ts'), withPort(dataPlanePort), `${dataPlane}/health`)),
    supervisor.start(
      app('worker', run('lib/edge/worker/main.ts'), { ...common, WORKER_PORT: String(workerPort) }, `${worker}/health`),
    ),
  ]);
  return { portal, dataPlane, worker };
}
