/** `npm run cli -- <command> …`: runs one of the operator's commands; its exit code is the process's. */
import { runOperatorCommand } from '@/lib/cli/commands';
import { closeDb } from '@/lib/platform/db';

process.exitCode = await runOperatorCommand(process.argv.slice(2)).finally(() => closeDb().catch(() => undefined));
