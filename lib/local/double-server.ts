/** What every double's process does: listen on loopback, keep its state in a file, end on SIGTERM. */
import { createEmulator, type EmulatorDefinition, filePersistence, type PersistenceAdapter } from 'emulate';

/** emulate saves after every request; a save that would change nothing is left out, so that reads cost no disk. */
function changesOnly(adapter: PersistenceAdapter): PersistenceAdapter {
  let last: string | null = null;
  return {
    load: async () => {
      last = await adapter.load();
      return last;
    },
    save: async data => {
      if (data === last) return;
      await adapter.save(data);
      last = data;
    },
  };
}

/** Ends the process cleanly when it is asked to. */
export function closeOnSignal(close: () => Promise<unknown>): void {
  for (const name of ['SIGTERM', 'SIGINT'] as const) {
    process.once(name, () => {
      close().then(
        () => process.exit(0),
        (error: unknown) => {
          console.error(error);
          process.exit(1);
        },
      );
    });
  }
}

/** Serves a double on 127.0.0.1:DOUBLE_PORT with its state in DOUBLE_STATE_FILE; the supervisor sets both. */
export async function runDouble<State extends object>(service: EmulatorDefinition<State>): Promise<void> {
  const port = Number(process.env.DOUBLE_PORT);
  const file = process.env.DOUBLE_STATE_FILE;
  if (!port || !file) throw new Error('DOUBLE_PORT and DOUBLE_STATE_FILE must be set.');
  const emulator = await createEmulator({
    service,
    port,
    hostname: '127.0.0.1',
    baseUrl: `http://127.0.0.1:${port}`,
    persistence: changesOnly(filePersistence(file)),
    shutdownTimeout: 3_000,
  });
  closeOnSignal(() => emulator.close());
  console.log(`${service.name} listens on ${emulator.url}`);
}
