/** One log of many processes: follows the files of a folder and prints each new line behind its process' name. */
import { closeSync, existsSync, openSync, readdirSync, readSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';

const pollMs = 200;
const levels: Record<number, string> = { 10: 'trace', 20: 'debug', 30: 'info', 40: 'warn', 50: 'error', 60: 'fatal' };

/** A line as people read it: our own JSON lines as level, message and what else they carry; others as they are. */
export function readable(line: string): string {
  if (!line.startsWith('{')) return line;
  try {
    const { level, time: _time, pid: _pid, hostname: _host, msg, ...more } = JSON.parse(line);
    if (typeof level !== 'number' || typeof msg !== 'string') return line;
    const rest = Object.keys(more).length > 0 ? ` ${JSON.stringify(more)}` : '';
    return `${(levels[level] ?? String(level)).padEnd(5)} ${msg}${rest}`;
  } catch {
    return line;
  }
}

/** Services that write a line for each statement; their files lie beside the others. */
const chatty = ['bigquery.log', 'postgres.log'];

type Followed = { offset: number; rest: string };

const isFollowed = (file: string) => file.endsWith('.log') && !chatty.includes(file);

/** Prints what is written from now on to any `<name>.log` of the folder, of chatty ones nothing; answers how to end it, after the last lines. */
export function followLogs(folder: string, print: (line: string) => void): () => void {
  const followed = new Map<string, Followed>();
  const sizeOf = (file: string) => statSync(join(folder, file)).size;
  const files = () => (existsSync(folder) ? readdirSync(folder).filter(isFollowed) : []);
  for (const file of files()) followed.set(file, { offset: sizeOf(file), rest: '' });
  const poll = () => {
    for (const file of files()) {
      const known = followed.get(file) ?? { offset: 0, rest: '' };
      followed.set(file, known);
      const text = readFrom(join(folder, file), known, sizeOf(file));
      const lines = (known.rest + text).split('\n');
      known.rest = lines.pop() ?? '';
      for (const line of lines) print(`${basename(file, '.log').padEnd(11)} │ ${readable(line)}`);
    }
  };
  const timer = setInterval(poll, pollMs);
  return () => {
    clearInterval(timer);
    poll();
  };
}

/** The bytes from the offset to `size`, which moves the offset; a file that became shorter is read from its start. */
function readFrom(path: string, known: Followed, size: number): string {
  if (size < known.offset) known.offset = 0;
  if (size === known.offset) return '';
  const buffer = Buffer.alloc(size - known.offset);
  const file = openSync(path, 'r');
  try {
    const read = readSync(file, buffer, 0, buffer.length, known.offset);
    known.offset += read;
    return buffer.toString('utf8', 0, read);
  } finally {
    closeSync(file);
  }
}
