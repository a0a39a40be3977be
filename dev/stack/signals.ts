/** Runs a supervised stack until Ctrl-C, SIGTERM, a closed terminal, a failed start or a crash of one of its parts. */
import type { Supervisor } from '@/dev/stack/supervisor';

type Stoppable = { supervisor: Supervisor; stop: () => Promise<void> };

/** A signal stops everything (exit 0); a failure or a crash prints its sentence and stops everything (exit 1). */
export async function runUntilStopped<Stack extends Stoppable>(
  open: () => Promise<Stack>,
  start: (stack: Stack) => Promise<void>,
): Promise<void> {
  const stack = await open().catch((error: unknown) => {
    console.error(sentenceOf(error));
    process.exit(1);
  });
  let ending = false;
  const end = (code: number, sentence?: string) => {
    if (ending) return;
    ending = true;
    if (sentence) console.error(sentence);
    stack.stop().then(
      () => process.exit(code),
      (error: unknown) => {
        console.error(sentenceOf(error));
        process.exit(1);
      },
    );
  };
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, () => end(0));
  stack.supervisor.onCrash = sentence => end(1, sentence);
  try {
    await start(stack);
  } catch (error) {
    end(1, sentenceOf(error));
  }
}

/** Ends this process in order when the one that started it is killed: the channel or pipe between them then closes. */
export function endWithStarter(): void {
  const end = () => process.kill(process.pid, 'SIGTERM');
  if (process.connected) process.once('disconnect', end);
  else if (!process.stdin.isTTY) process.stdin.resume().once('end', end).once('error', end);
}

function sentenceOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
