/** Saves a double's state behind its answers: emulate would write all of it after every request. */
import { readFile, rename, writeFile } from 'node:fs/promises';
import type { EmulatorDefinition } from 'emulate';

const intervalMs = 250;
/** After a save that took t, the next waits at least this times t, so that saving never takes most of the process. */
const restFactor = 20;

type Snapshot = { formatVersion: 1; definition: string; stateVersion: number; state: object };

export class LazySaver<State extends object> {
  /** The definition to serve; it shows its state to the saver. */
  readonly watched: EmulatorDefinition<State>;
  private live: State | undefined;
  private saved: string;
  private timer: NodeJS.Timeout | undefined;
  private saving: Promise<void> = Promise.resolve();

  private constructor(
    private readonly service: EmulatorDefinition<State>,
    private readonly file: string,
    readonly seed: { seed?: State },
    savedText: string,
  ) {
    this.saved = savedText;
    this.watched = {
      ...service,
      setup: context => {
        this.live = context.state;
        service.setup(context);
      },
    };
    this.schedule(intervalMs);
  }

  /** Reads what an earlier process saved. Throws where the file is of another double. */
  static async open<State extends object>(service: EmulatorDefinition<State>, file: string): Promise<LazySaver<State>> {
    const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return null;
      throw error;
    });
    if (text === null) return new LazySaver(service, file, {}, '');
    const snapshot = JSON.parse(text) as Snapshot;
    if (snapshot.definition !== service.name) throw new Error(`${file} is the state of ${snapshot.definition}.`);
    return new LazySaver(service, file, { seed: snapshot.state as State }, text);
  }

  private schedule(ms: number): void {
    this.timer = setTimeout(() => {
      const startedMs = performance.now();
      this.saving = this.save().catch((error: unknown) => console.error(`[${this.service.name}] not saved`, error));
      const busyMs = performance.now() - startedMs;
      void this.saving.then(() => this.schedule(Math.max(intervalMs, busyMs * restFactor)));
    }, ms);
    this.timer.unref();
  }

  private async save(): Promise<void> {
    if (!this.live) return;
    const { name, stateVersion = 1 } = this.service;
    const snapshot: Snapshot = { formatVersion: 1, definition: name, stateVersion, state: this.live };
    const text = JSON.stringify(snapshot);
    if (text === this.saved) return;
    await writeFile(`${this.file}.tmp`, text, { mode: 0o600 });
    await rename(`${this.file}.tmp`, this.file);
    this.saved = text;
  }

  /** Ends the timer and saves what is left. */
  async close(): Promise<void> {
    clearTimeout(this.timer);
    await this.saving;
    clearTimeout(this.timer);
    await this.save();
  }
}
