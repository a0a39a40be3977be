/** What a broken network does to a connection: nothing arrives any more, and nobody says so. */
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';

/** A way to Postgres that can be frozen, when it takes bytes and passes none on, and cut, when nobody is there. */
export class Wire {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  constructor(readonly databaseUrl: string) {
    const target = new URL(databaseUrl);
    this.#server = createServer(near => {
      const far = connect(Number(target.port || 5432), target.hostname);
      for (const socket of [near, far]) {
        this.#sockets.add(socket);
        socket.on('error', () => undefined).on('close', () => this.#sockets.delete(socket));
      }
      near.pipe(far).pipe(near);
    });
  }
  /** Answers the DATABASE_URL that goes this way. */
  async listen(): Promise<string> {
    await new Promise<void>(resolve => this.#server.listen(0, '127.0.0.1', resolve));
    const url = new URL(this.databaseUrl);
    url.hostname = '127.0.0.1';
    url.port = String((this.#server.address() as AddressInfo).port);
    return url.href;
  }
  /** Connections that are open now stay open and pass nothing on; later ones work. */
  freeze(): void {
    for (const socket of this.#sockets) socket.pause();
  }
  thaw(): void {
    for (const socket of this.#sockets) socket.resume();
  }
  /** Breaks all connections and refuses new ones. */
  async cut(): Promise<void> {
    const closed = new Promise(resolve => this.#server.close(resolve));
    for (const socket of this.#sockets) socket.destroy();
    await closed;
  }
  /** The same address works again. */
  async mend(databaseUrl: string): Promise<void> {
    await new Promise<void>(resolve => this.#server.listen(Number(new URL(databaseUrl).port), '127.0.0.1', resolve));
  }
  close(): void {
    for (const socket of this.#sockets) socket.destroy();
    this.#server.close();
  }
}
