/** Runs a line of the operator's commands: finds the command in the tree, answers help, refuses what it cannot read. */
import { stripVTControlCharacters } from 'node:util';
import { type CommandDef, renderUsage, runCommand } from 'citty';
import { asWrongUse, WrongUse } from '@/lib/cli/command';
import { contactsText, referencesText } from '@/lib/cli/help-text';

/** Commands under one name, loaded when one of them is asked for. `wrongUseCode` where 2 has another meaning. */
export type Group = CommandDef & { wrongUseCode?: number };
type Commands = Record<string, CommandDef | Group>;
type Found = { node: Group; path: string[]; wrongUseCode: number };

const resolve = async <Value>(value: Value | Promise<Value> | (() => Value | Promise<Value>) | undefined) =>
  typeof value === 'function' ? await (value as () => Value | Promise<Value>)() : await value;

const asksForHelp = (line: string[]) => line.some(word => word === '--help' || word === '-h');

/** The usage of a command with whom to ask; without colours where nobody's terminal shows them. */
async function usageOf({ node, path }: Found): Promise<string> {
  const meta = { ...(await resolve(node.meta)), name: path.at(-1) };
  const text = (await renderUsage({ ...node, meta }, { meta: { name: path.slice(0, -1).join(' ') } })).trimEnd();
  return process.stdout.isTTY ? text : stripVTControlCharacters(text);
}

async function help(found: Found): Promise<number> {
  process.stdout.write(`${await usageOf(found)}\n\n${contactsText()}\n\n${referencesText()}\n`);
  return 0;
}

async function refuse(found: Found, sentence: string): Promise<number> {
  process.stderr.write(`${sentence}\n\n${await usageOf(found)}\n\n${contactsText()}\n`);
  return found.wrongUseCode;
}

/**
 * Runs the line and answers the exit code: what the command answers, 0 after help, 2 (or the group's code) with a
 * sentence and the usage where the line cannot be understood. Throws what the command throws.
 */
export async function runCommandLine(root: CommandDef, line: string[]): Promise<number> {
  const name = (await resolve(root.meta))?.name ?? '';
  let found: Found = { node: root, path: [name], wrongUseCode: 2 };
  for (let words = line; ; words = words.slice(1)) {
    const commands = (await resolve(found.node.subCommands)) as Commands | undefined;
    if (!commands) return await runFound(found, words);
    const [word] = words;
    if (word === 'help' || (word?.startsWith('-') && asksForHelp(words))) return await help(found);
    if (word === undefined && found.node === root) return await help(found);
    if (word === undefined || word.startsWith('-')) return await refuse(found, 'Name a command.');
    const node: Group | undefined = Object.hasOwn(commands, word) ? commands[word] : undefined;
    const path = [...found.path, word];
    if (!node) return await refuse(found, `There is no command ${path.slice(1).join(' ')}.`);
    found = { node, path, wrongUseCode: node.wrongUseCode ?? found.wrongUseCode };
  }
}

async function runFound(found: Found, words: string[]): Promise<number> {
  if (asksForHelp(words)) return await help(found);
  try {
    const { result } = await runCommand(found.node, { rawArgs: words });
    return result as number;
  } catch (thrown) {
    const error = asWrongUse(thrown);
    if (error instanceof WrongUse) return await refuse(found, error.message);
    throw error;
  }
}
