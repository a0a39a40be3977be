/** The data plane and the worker as processes of their own, which a test may kill and start anew at the same address. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { checkoutDir, nodeBinary, tsxArguments } from '@/dev/stack/paths';

export type ProductProcess = {
  port: number;
  url: string;
  hasEnded: () => boolean;
  stop: (signal?: 'SIGTERM' | 'SIGKILL') => Promise<void>;
};

/** Starts one of them; resolves once it says its port. */
async function start(file: string, variables: Record<string, string>): Promise<ProductProcess> {
  const child: ChildProcess = spawn(nodeBinary(), [...tsxArguments(file)], {
    cwd: checkoutDir,
    env: { ...process.env, HOST: '127.0.0.1', LOG_LEVEL: 'info', ...variables },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  const port = await new Promise<number>((resolve, reject) => {
    child.stdout?.on('data', part => {
      // Only the first lines tell the port; the rest is read so that the process never waits for us.
      if (output.length < 100_000) output += String(part);
      const found = /"port":(\d+)/.exec(output)?.[1];
      if (found) resolve(Number(found));
    });
    child.once('exit', () => reject(new Error(`${file} did not start: ${output}`)));
  });
  const hasEnded = () => child.exitCode !== null || child.signalCode !== null;
  const stop = async (signal: 'SIGTERM' | 'SIGKILL' = 'SIGTERM') => {
    if (hasEnded()) return;
    const ended = once(child, 'exit');
    child.kill(signal);
    await ended;
  };
  return { port, url: `http://127.0.0.1:${port}`, hasEnded, stop };
}

/** A data plane, at a free port unless one is named. */
export const startDataPlane = (port = 0): Promise<ProductProcess> =>
  start('lib/edge/v1/main.ts', { PORT: String(port) });

/** A worker, whose reaper ends runs without a heartbeat. */
export const startWorker = (): Promise<ProductProcess> => start('lib/edge/worker/main.ts', { WORKER_PORT: '0' });
