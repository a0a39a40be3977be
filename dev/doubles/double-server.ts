/** What every double's process does: listen on loopback, keep its state in a file, end on SIGTERM. */
import { createEmulator, type EmulatorDefinition, filePersistence, type PersistenceAdapter } from 'emulate';
import { LazySaver } from '@/dev/doubles/lazy-saver';

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

export type DoubleOptions = {
  /**
   * `each-request` (the default) answers only what is on disk. `lazy` saves behind the answers, for a double under
   * load: a kill -9 loses the last quarter of a second, and more where the state is large.
   */
  saving?: 'each-request' | 'lazy';
};

/** Serves a double on 127.0.0.1:DOUBLE_PORT with its state in DOUBLE_STATE_FILE; the supervisor sets both. */
export async function runDouble<State extends object>(
  service: EmulatorDefinition<State>,
  { saving = 'each-request' }: DoubleOptions = {},
): Promise<void> {
  const port = Number(process.env.DOUBLE_PORT);
  const file = process.env.DOUBLE_STATE_FILE;
  if (!port || !file) throw new Error('DOUBLE_PORT and DOUBLE_STATE_FILE must be set.');
  const lazy = saving === 'lazy' ? await LazySaver.open<State>(service, file) : undefined;
  const emulator = await createEmulator({
    service: lazy?.watched ?? service,
    port,
    hostname: '127.0.0.1',
    baseUrl: `http://127.0.0.1:${port}`,
    shutdownTimeout: 3_000,
    ...(lazy ? lazy.seed : { persistence: changesOnly(filePersistence(file)) }),
  });
  closeOnSignal(async () => {
    await emulator.close();
    await lazy?.close();
  });
  console.log(`${service.name} listens on ${emulator.url}`);
}
