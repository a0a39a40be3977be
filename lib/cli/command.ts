/** One command of the operator: its arguments by citty, checked strictly, because citty passes over what it does not know. */
import { parseArgs, stripVTControlCharacters } from 'node:util';
import { type ArgDef, type CommandDef, defineCommand } from 'citty';

/** An argument; `several` may be given more than once and arrives as a list. */
export type Arg = ArgDef & { several?: true };
export type Args = Record<string, Arg>;

type ValueOf<Of extends Arg> = Of extends { type: 'boolean' }
  ? boolean
  : Of extends { type: 'enum'; options: infer Options extends readonly string[] }
    ? Options[number]
    : string;

type IsGiven<Of extends Arg> = Of extends { type: 'boolean' } | { default: string } | { required: true }
  ? true
  : Of extends { required: false }
    ? false
    : Of extends { type: 'positional' }
      ? true
      : false;

export type Values<Of extends Args> = {
  [Name in keyof Of]: Of[Name] extends { several: true }
    ? string[]
    : IsGiven<Of[Name]> extends true
      ? ValueOf<Of[Name]>
      : ValueOf<Of[Name]> | undefined;
};

/** What was typed cannot be understood: the sentence says why. */
export class WrongUse extends Error {}

const isPositional = (arg: Arg) => arg.type === 'positional';

/**
 * What may be given several times, by name. Reads the line as node:util does when strict, so that unknown options,
 * missing values and surplus words are refused: citty passes over them.
 */
function readStrictly(line: string[], args: Args): Record<string, string[]> {
  const named = Object.entries(args).filter(([, arg]) => !isPositional(arg));
  const options = Object.fromEntries(
    named.map(([name, arg]) => [
      name,
      { type: arg.type === 'boolean' ? ('boolean' as const) : ('string' as const), multiple: arg.several ?? false },
    ]),
  );
  const { values, positionals } = parseArgs({ args: line, options, allowPositionals: true });
  const places = Object.values(args).filter(isPositional);
  const [surplus] = places.some(arg => arg.several) ? [] : positionals.slice(places.length);
  if (surplus !== undefined) throw new WrongUse(`Unexpected argument '${surplus}'.`);
  return Object.fromEntries(
    Object.entries(args)
      .filter(([, arg]) => arg.several)
      .map(([name, arg]) => [name, isPositional(arg) ? positionals : ((values[name] ?? []) as string[])]),
  );
}

/** A line that node:util or citty refuses, as WrongUse with one sentence; any other error as it is. */
export function asWrongUse(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  const { code } = error as { code?: unknown };
  if (error.name !== 'CLIError' && !String(code).startsWith('ERR_PARSE_ARGS')) return error;
  const message = stripVTControlCharacters(error.message);
  // node:util goes on to say how such a word could be written after `--`.
  const sentence = error.name === 'CLIError' ? message : message.split('. ')[0];
  return new WrongUse(`${sentence?.replace(/\.$/, '')}.`, { cause: error });
}

/** Defines a command; `run` answers the exit code: 0 done, 1 refused or something is amiss, more as it says. */
export function command<const Of extends Args>(definition: {
  description: string;
  args?: Of;
  run: (values: Values<Of>) => Promise<number>;
}): CommandDef {
  const args: Args = definition.args ?? {};
  return defineCommand({
    meta: { description: definition.description },
    args,
    run: ({ args: parsed, rawArgs }) => {
      const lists = readStrictly(rawArgs, args);
      const switches = Object.fromEntries(
        Object.entries(args)
          .filter(([, arg]) => arg.type === 'boolean')
          .map(([name]) => [name, parsed[name] === true]),
      );
      // citty has checked `parsed` against these args; its own type says string for what was left out.
      return definition.run({ ...parsed, ...switches, ...lists } as unknown as Values<Of>);
    },
  });
}

/** The number an option was given. Throws WrongUse where it is none, or below 1. */
export function wholeNumber(option: string, text: string): number {
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new WrongUse(`--${option} takes a whole number from 1.`);
  return Number(text);
}
