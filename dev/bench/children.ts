/** The processes under measurement, each started on a free port and ended when its measurement is done. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { checkoutDir, nodeBinary, tsxArguments } from '@/dev/stack/paths';

export type Child = { url: string; stop: () => Promise<void> };

function portIn(child: ChildProcess, file: string): Promise<number> {
  let output = '';
  return new Promise((resolve, reject) => {
    child.stdout?.on('data', (part: Buffer) => {
      output += String(part);
      const port = /"port":(\d+)/.exec(output)?.[1];
      if (port) resolve(Number(port));
    });
    child.once('exit', code => reject(new Error(`${file} ended with ${code}: ${output}`)));
  });
}

/** Starts one of our TypeScript files with these variables and waits until it prints the port it listens on. */
export async function startChild(file: string, env: Record<string, string>): Promise<Child> {
  const child = spawn(nodeBinary(), tsxArguments(file), {
    cwd: checkoutDir,
    env: { ...process.env, ...env, NODE_ENV: 'production', PORT: '0', HOST: '127.0.0.1', LOG_LEVEL: 'info' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const port = await portIn(child, file);
  const stop = async () => {
    if (child.exitCode !== null) return;
    const ended = once(child, 'exit');
    child.kill('SIGTERM');
    await ended;
  };
  return { url: `http://127.0.0.1:${port}`, stop };
}
