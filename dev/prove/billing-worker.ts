/** A worker of the drill's own beside the demo's, which is frozen meanwhile: killed without the demo ending. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { servicesEnv } from '@/dev/prove/demo-process';
import { checkoutDir, nodeBinary, tsxArguments } from '@/dev/stack/paths';

export class WorkerProcess {
  readonly #child: ChildProcess;

  private constructor(child: ChildProcess) {
    this.#child = child;
  }

  /** Starts a worker on the demo's services and waits until it says so. */
  static async start(): Promise<WorkerProcess> {
    const child = spawn(nodeBinary(), tsxArguments('lib/edge/worker/main.ts'), {
      cwd: checkoutDir,
      env: {
        ...process.env,
        ...servicesEnv(),
        NODE_ENV: 'production',
        PORT: '0',
        HOST: '127.0.0.1',
        LOG_LEVEL: 'info',
      },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let output = '';
    await new Promise<void>((resolve, reject) => {
      child.stdout?.on('data', (part: Buffer) => {
        output += String(part);
        if (output.includes('worker started')) resolve();
      });
      child.once('exit', code => reject(new Error(`the worker ended with ${code}: ${output}`)));
    });
    return new WorkerProcess(child);
  }

  /** kill -9. */
  async kill(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const ended = once(this.#child, 'exit');
    this.#child.kill('SIGKILL');
    await ended;
  }
}
