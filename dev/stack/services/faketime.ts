/** Another clock for a process and all that it starts: Debian's libfaketime, preloaded. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { ensureDebian, findOnPath } from '@/dev/stack/services/debian';
import { reachableDir } from '@/dev/stack/services/postgres-binaries';

const library = 'libfaketimeMT.so.1';

function findLibrary(): string | undefined {
  const places = ['/usr/lib', '/usr/lib64', '/usr/local/lib'].filter(existsSync);
  const folders = places.flatMap(place => [place, ...readdirSync(place).map(name => join(place, name))]);
  return folders.map(folder => join(folder, 'faketime', library)).find(existsSync);
}

/**
 * While libfaketime's own epoll_wait waits, signal handlers see the real clock, and Postgres' timers for locks and statements
 * take it that their time has not come, for ever. So that function is the kernel's again.
 */
const waitsOfTheKernel = `
#include <stddef.h>
#include <sys/epoll.h>
#include <sys/syscall.h>
#include <unistd.h>
int epoll_wait(int set, struct epoll_event *events, int size, int timeout) {
  return syscall(SYS_epoll_pwait, set, events, size, timeout, NULL, 8);
}
`;

function compileWaits(say: (line: string) => void): string {
  const compiler = ensureDebian({
    packages: ['gcc', 'libc6-dev'],
    find: () => findOnPath('cc') ?? findOnPath('gcc'),
    advice: 'No C compiler was found: install one (Debian: apt install gcc libc6-dev).',
    say,
  });
  const folder = reachableDir();
  mkdirSync(folder, { recursive: true });
  const file = join(folder, 'kernel-waits.so');
  execFileSync(compiler, ['-shared', '-fPIC', '-O2', '-x', 'c', '-', '-o', file], { input: waitsOfTheKernel });
  return file;
}

/** What to preload. Installs it by apt when we are root on Debian; otherwise throws a sentence that says what to do. */
export function ensureFaketime(say: (line: string) => void): string {
  const library = ensureDebian({
    packages: ['libfaketime'],
    find: findLibrary,
    advice: 'No libfaketime was found: install it (Debian: apt install libfaketime; elsewhere: your package manager).',
    say,
  });
  return `${compileWaits(say)}:${library}`;
}

/**
 * The variables that make it `instant` now; the clock goes on from there. All processes that inherit them agree, as
 * they hold the distance from the real clock, counted here once. What counts time that passes is left as it is.
 */
export function clockFrom(instant: Date, preload: string): Record<string, string> {
  const seconds = Math.round((instant.getTime() - Date.now()) / 1000);
  return {
    LD_PRELOAD: preload,
    FAKETIME: `${seconds < 0 ? '' : '+'}${seconds}`,
    FAKETIME_DONT_FAKE_MONOTONIC: '1',
    // Files keep their times: Python would otherwise compile all its sources anew, for this clock and again for the real one.
    NO_FAKE_STAT: '1',
  };
}

/**
 * The variables of a clock that `file` may change while they run: it holds the distance from the real clock, as `+3600`, and is
 * read again after `seconds`.
 */
export function clockFromFile(file: string, preload: string, seconds: number): Record<string, string> {
  const { FAKETIME: _, ...others } = clockFrom(new Date(), preload);
  return { ...others, FAKETIME_TIMESTAMP_FILE: file, FAKETIME_CACHE_DURATION: String(seconds) };
}
