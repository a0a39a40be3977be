/** Texts that nobody wrote: pieces of good and hostile ones, put together by chance that a seed decides. */
import { goodTexts } from '@/lib/domains/desk/check/corpus/good';
import { hostileTexts } from '@/lib/domains/desk/check/corpus/hostile';
import type { Targets } from '@/lib/domains/desk/check/corpus/targets';

type Chance = { upTo: (most: number) => number; of: <Item>(items: readonly Item[]) => Item };

/** Numbers that look random and are the same for the same seed (mulberry32). */
function chanceOf(seed: number): Chance {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const upTo = (most: number) => Math.floor(next() * most);
  return { upTo, of: items => items[upTo(items.length)]! };
}

/** Pieces that change what a text means, or where one of its parts ends. */
const pieces = ({ foreign, table, project, file, own }: Targets): readonly string[] => [
  ...foreign.flatMap(d => [`${d}.${table}`, `\`${d}.${table}\``, `${project}.${d}.${table}`, d, `\`${d}\``]),
  ...[`${own}.${table}`, `read_csv('${file}')`, `read_text('${file}')`, `'${file}'`, `"${file}"`, 'duckdb_tables()'],
  ...['sqlite_master', 'information_schema.tables', 'INFORMATION_SCHEMA.COLUMNS', 'users', 'canary', '*', 'x.*'],
  ...[
    "'",
    '"',
    '`',
    '\\',
    "\\'",
    "''",
    '""',
    "'''",
    '"""',
    "r'",
    "R'\\'",
    "b'",
    "'\\\\'",
    "' '",
    '--',
    '#',
    '/*',
    '*/',
    '/**/',
  ],
  ...[
    '\n',
    '\r',
    '\t',
    '\u00a0',
    '\u200b',
    ';',
    ',',
    '.',
    '..',
    '(',
    ')',
    '[',
    ']',
    '{',
    '}',
    '@',
    '@@',
    '?',
    '$',
    ':',
    '::',
  ],
  ...[
    '|>',
    '->',
    '=>',
    '||',
    '&',
    'UNION ALL SELECT',
    'FROM',
    'JOIN',
    ', ',
    'CROSS JOIN',
    'UNNEST(',
    'LATERAL',
    'TABLE',
  ],
  ...[
    'WITH',
    'AS',
    'WITH RECURSIVE',
    'WITH pipeline_runs AS (',
    'EXISTS (SELECT * FROM',
    'IN (SELECT canary FROM',
    'NULLS LAST',
  ],
  ...[
    'FOR SYSTEM_TIME AS OF CURRENT_TIMESTAMP()',
    'LIMIT 1',
    'LIMIT',
    'OFFSET',
    'QUALIFY',
    'PIVOT',
    'ON TRUE',
    'USING (id)',
  ],
  ...[
    'getenv("HOME")',
    'SESSION_USER()',
    'COLUMNS(*)',
    'query_table(',
    'MAX(canary)',
    'COUNT(*)',
    'ARRAY(SELECT',
    'SELECT',
  ],
];

const shapes = /[A-Za-z_][A-Za-z0-9_]*|\d+|\s+|'[^'\n]*'|"[^"\n]*"|`[^`\n]*`|./gsu;
const split = (text: string): string[] => text.slice(0, 4_000).match(shapes) ?? [];
const tableNames =
  /^`?(?:pipeline_runs|run_details|sessions|session_details|chat_events|tool_executions|step_logs|dq_results)`?$/;

type Change = (parts: string[], chance: Chance, material: { pieces: readonly string[]; other: string[] }) => string[];

const at = (parts: string[], place: number, removed: number, ...added: string[]) =>
  parts.toSpliced(place, removed, ...added);
const anywhere = (parts: string[], chance: Chance) => chance.upTo(parts.length + 1);

/** Ways to change a text; those that stand more than once happen more often. */
const changes: readonly Change[] = [
  (parts, chance, { pieces }) => at(parts, anywhere(parts, chance), 0, ' ', chance.of(pieces), ' '),
  (parts, chance, { pieces }) => at(parts, anywhere(parts, chance), 0, chance.of(pieces)),
  (parts, chance, { pieces }) => at(parts, anywhere(parts, chance), 1, chance.of(pieces)),
  (parts, chance, { pieces }) => {
    const places = parts.flatMap((part, index) => (tableNames.test(part) ? [index] : []));
    return places.length > 0 ? at(parts, chance.of(places), 1, chance.of(pieces)) : parts;
  },
  (parts, chance, { pieces }) => {
    const places = parts.flatMap((part, index) => (/^['"]/.test(part) ? [index] : []));
    return places.length > 0 ? at(parts, chance.of(places), 1, chance.of(pieces)) : parts;
  },
  (parts, chance) => at(parts, anywhere(parts, chance), 1),
  (parts, chance) => at(parts, anywhere(parts, chance), 0, chance.of(parts)),
  (parts, chance) => at(parts, anywhere(parts, chance), 1, chance.of(parts)),
  (parts, chance, { other }) => [...parts.slice(0, anywhere(parts, chance)), ...other.slice(anywhere(other, chance))],
  (parts, chance, { other }) => at(parts, anywhere(parts, chance), 0, ' ', '(', ...other, ')', ' '),
  (parts, chance, { other }) => [
    ...parts,
    ' ',
    chance.of(['UNION ALL', 'EXCEPT DISTINCT', ';', ',', '--']),
    ' ',
    ...other,
  ],
  (parts, chance) => {
    const start = anywhere(parts, chance);
    const end = start + 1 + chance.upTo(6);
    const [open, close] = chance.of([
      ['/*', '*/'],
      ["'", "'"],
      ['"', '"'],
      ['`', '`'],
      ['(', ')'],
      ["r'", "'"],
      ['--', '\n'],
    ] as const);
    return [...parts.slice(0, start), open, ...parts.slice(start, end), close, ...parts.slice(end)];
  },
  (parts, chance) => parts.map(part => (chance.upTo(3) === 0 ? part.toUpperCase() : part)),
  (parts, chance) =>
    parts.map(part => (/^\s+$/.test(part) && chance.upTo(2) === 0 ? chance.of(['/**/', '\n', '\t', ' -- x\n']) : part)),
];

/** `count` texts of a seed, each a good or hostile one with one to three changes. */
export function fuzzTexts({ seed, count, targets }: { seed: number; count: number; targets: Targets }): string[] {
  const chance = chanceOf(seed);
  const hostile = hostileTexts(targets).filter(text => text.length < 2_000);
  const material = pieces(targets);
  const texts = new Set<string>();
  while (texts.size < count) {
    let parts = split(chance.of(chance.upTo(3) > 0 ? goodTexts : hostile));
    for (let left = 1 + chance.upTo(3); left > 0; left--) {
      const other = split(chance.of(chance.upTo(2) > 0 ? goodTexts : hostile));
      parts = chance.of(changes)(parts, chance, { pieces: material, other });
    }
    texts.add(parts.join(''));
  }
  return [...texts];
}
