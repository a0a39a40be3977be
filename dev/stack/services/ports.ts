/** Ports: taken from the environment, else the one of the last start, else the next free one; always on loopback. */
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { join } from 'node:path';

/** Whether a port of 127.0.0.1 can be bound now; 0 answers with a port of the system's choice, else undefined. */
function bind(port: number): Promise<number | undefined> {
  return new Promise(resolve => {
    const server = createServer();
    server.once('error', () => resolve(undefined));
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () => {
      const address = server.address();
      const bound = typeof address === 'object' && address ? address.port : undefined;
      server.close(() => resolve(bound));
    });
  });
}

/** A port of 127.0.0.1 that is free now. */
export async function freePort(): Promise<number> {
  const port = await bind(0);
  if (port === undefined) throw new Error('The system has no free port on 127.0.0.1.');
  return port;
}

/** Listens on a port so that nobody else gets it meanwhile; whoever connects is turned away. */
function occupy(port: number): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = createServer(socket => socket.destroy());
    // Only a guard: it must not keep a process alive that has nothing else to do.
    server.unref();
    server.once('error', reject);
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () => resolve(server));
  });
}

/** The ports of the last start; none when there was none, or when its file was cut off. */
function remembered(file: string): Record<string, number> {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Record<string, number>;
  } catch {
    return {};
  }
}

/** The ports of one folder's processes, remembered between starts so that addresses stay the same. */
export class Ports {
  readonly #file: string;
  readonly #remembered: Record<string, number>;
  readonly #given = new Set<number>();
  readonly #held = new Map<number, Server>();

  constructor(
    dir: string,
    private readonly anyPort: boolean,
  ) {
    this.#file = join(dir, 'ports.json');
    this.#remembered = remembered(this.#file);
  }

  /** A port for `name`: TENANTRY_<NAME>_PORT, the remembered one, or the next free from `preferred` on. */
  async take(name: string, preferred: number): Promise<number> {
    const variable = `TENANTRY_${name.toUpperCase().replaceAll('-', '_')}_PORT`;
    const asked = Number(process.env[variable] ?? 0);
    const port = asked > 0 ? await this.#exactly(asked, variable) : await this.#nextFree(name, preferred);
    this.#given.add(port);
    this.#remembered[name] = port;
    writeFileSync(`${this.#file}.tmp`, JSON.stringify(this.#remembered, null, 2));
    renameSync(`${this.#file}.tmp`, this.#file);
    return port;
  }

  /** Like `take`, for a port that is listened on only later: it is kept from others until `letGo`. */
  async hold(name: string, preferred: number): Promise<number> {
    for (;;) {
      const port = await this.take(name, preferred);
      const server = await occupy(port).catch(() => undefined);
      // Somebody was faster between the look and the hold: `take` finds another, or says why it cannot.
      if (!server) this.#given.delete(port);
      else {
        this.#held.set(port, server);
        return port;
      }
    }
  }

  /** Gives a held port free, right before its process is started. */
  async letGo(port: number): Promise<void> {
    const server = this.#held.get(port);
    this.#held.delete(port);
    if (server) await new Promise(resolve => server.close(resolve));
  }

  async #exactly(port: number, variable: string): Promise<number> {
    if (this.#given.has(port) || !(await bind(port))) throw new Error(`${variable}=${port}: that port is in use.`);
    return port;
  }

  async #nextFree(name: string, preferred: number): Promise<number> {
    const remembered = this.#remembered[name];
    if (remembered && !this.#given.has(remembered) && (await bind(remembered))) return remembered;
    if (this.anyPort) {
      const port = await freePort();
      if (!this.#given.has(port)) return port;
    }
    for (let port = preferred; port < preferred + 500; port++) {
      if (!this.#given.has(port) && (await bind(port))) return port;
    }
    throw new Error(`No free port from ${preferred} on for ${name}.`);
  }
}
