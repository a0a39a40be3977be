/** A Redis of a test's own: Debian's redis-server on a free loopback port, which keeps nothing and ends with its starter. */
import { spawn } from 'node:child_process';
import { ensureDebian, findOnPath } from '@/dev/stack/services/debian';
import { freePort } from '@/dev/stack/services/ports';

/** The program's path. Installs it by apt when we are root on Debian; otherwise throws a sentence that says what to do. */
export const ensureRedis = (say: (line: string) => void): string =>
  ensureDebian({
    packages: ['redis-server'],
    find: () => findOnPath('redis-server') ?? findOnPath('valkey-server'),
    advice: 'No redis-server was found: install Redis or Valkey (Debian: apt install redis-server).',
    say,
  });

export type LocalRedis = {
  /** For REDIS_URL. */
  url: string;
  /** Ends it; resolves once its port is closed. Safe to call twice. */
  stop: () => Promise<void>;
};

/** Ends the server when our end of the pipe closes: at `stop`, and however this process ends. */
const untilStdinCloses = '"$0" "$@" <&- & pid=$!; cat > /dev/null; kill $pid; wait $pid';

/** Starts it and waits until it takes connections. */
export async function startRedis(): Promise<LocalRedis> {
  const program = ensureRedis(line => console.log(line));
  for (let attempt = 1; ; attempt++) {
    const port = await freePort();
    const flags = ['--bind', '127.0.0.1', '--port', String(port), '--save', '', '--appendonly', 'no'];
    const child = spawn('sh', ['-c', untilStdinCloses, program, ...flags], {
      // Its allocator hangs where a library that moves the clock is loaded before it.
      env: { ...process.env, LD_PRELOAD: undefined },
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    const ended = new Promise<void>(resolve => child.once('close', () => resolve()));
    const stop = () => {
      child.stdin.end();
      return ended;
    };
    let output = '';
    const up = await new Promise<boolean>(resolve => {
      child.stdout.on('data', (chunk: Buffer) => {
        output += chunk.toString();
        if (output.includes('Ready to accept connections')) resolve(true);
        // Somebody was faster: the port is taken.
        else if (/Failed listening|Could not create server/i.test(output)) resolve(false);
      });
      void ended.then(() => resolve(false));
    });
    if (up) return { url: `redis://127.0.0.1:${port}`, stop };
    await stop();
    if (attempt === 3) throw new Error(`${program} does not start:\n${output}`);
  }
}
