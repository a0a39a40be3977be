/** How far long work is: one line that is drawn anew on a terminal, a plain line now and then elsewhere. */

export type Progress = {
  what: string;
  /** Done and all of it, in bytes; null where nobody knows how much there is. */
  bytes: number;
  allBytes: number | null;
  rows: number;
};

type Output = { isTTY?: boolean; columns?: number; write: (text: string) => unknown };

const barSigns = 24;
const drawEveryMs = { terminal: 200, lines: 10_000 } as const;

/** `1:05`, or `2:03:04`. */
export function durationText(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  const [hours, minutes] = [Math.floor(whole / 3600), Math.floor((whole % 3600) / 60)];
  const ending = `${String(hours ? minutes : minutes).padStart(hours ? 2 : 1, '0')}:${String(whole % 60).padStart(2, '0')}`;
  return hours > 0 ? `${hours}:${ending}` : ending;
}

/** The line for a state after `seconds`: bar, share, rows, rate and rest as far as they are known. */
export function progressText({ what, bytes, allBytes, rows }: Progress, seconds: number): string {
  const rate = `${rows.toLocaleString('en')} rows, ${Math.round(rows / Math.max(seconds, 0.001)).toLocaleString('en')}/s`;
  if (allBytes === null || allBytes === 0) return `${what}  ${(bytes / 1e6).toFixed(1)} MB  ${rate}`;
  const share = Math.min(1, bytes / allBytes);
  const full = Math.round(share * barSigns);
  const bar = `[${'#'.repeat(full)}${'.'.repeat(barSigns - full)}]`;
  const rest = share > 0 ? `  ${durationText((seconds * (1 - share)) / share)} left` : '';
  return `${what}  ${bar} ${String(Math.floor(share * 100)).padStart(3)} %  ${rate}${rest}`;
}

export class ProgressBar {
  readonly #output: Output;
  readonly #beganMs: number;
  #drawnMs = 0;
  #isDrawn = false;

  constructor(output: Output = process.stderr) {
    this.#output = output;
    this.#beganMs = performance.now();
    this.#drawnMs = this.#beganMs;
  }

  show(progress: Progress): void {
    this.line(progressText(progress, (performance.now() - this.#beganMs) / 1000));
  }

  /** Words of its own instead of bytes and rows; passed over where the last line is too young. */
  line(text: string): void {
    const now = performance.now();
    const { isTTY = false, columns = 120 } = this.#output;
    if (now - this.#drawnMs < (isTTY ? drawEveryMs.terminal : drawEveryMs.lines)) return;
    this.#drawnMs = now;
    this.#isDrawn = isTTY;
    this.#output.write(isTTY ? `\r\x1b[K${text.slice(0, columns - 1)}` : `${text}\n`);
  }

  /** Clears the line, so that what is printed next stands alone. */
  clear(): void {
    if (this.#isDrawn) this.#output.write('\r\x1b[K');
    this.#isDrawn = false;
  }
}
