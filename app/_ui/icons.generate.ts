/** Writes icon-data.ts from lucide: as data, icons cost no browser code, while lucide-react's own component is a client one. */
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';

/** Every icon the interface uses, by its lucide name. */
export const iconNames = [
  ...['arrow-down', 'arrow-up', 'ban', 'bot', 'building-2', 'check', 'chevron-down', 'chevron-left', 'chevron-right'],
  ...['chevrons-up-down', 'circle', 'circle-check', 'circle-minus', 'circle-question-mark', 'circle-slash', 'circle-x'],
  ...[
    'clock',
    'cloud',
    'copy',
    'credit-card',
    'download',
    'ellipsis',
    'external-link',
    'gauge',
    'git-commit-horizontal',
    'git-merge',
    'git-pull-request',
    'hourglass',
    'info',
  ],
  ...[
    'key-round',
    'keyboard',
    'layout-dashboard',
    'list-checks',
    'loader-circle',
    'lock-keyhole',
    'log-out',
    'mail',
    'menu',
    'octagon-x',
    'pause',
  ],
  ...[
    'pencil',
    'play',
    'plus',
    'radio',
    'refresh-cw',
    'rotate-cw',
    'scroll-text',
    'search',
    'settings',
    'shield',
    'sparkles',
    'trash-2',
  ],
  ...['triangle-alert', 'user', 'users', 'wifi-off', 'workflow', 'x'],
] as const;

type LucideNode = readonly (readonly [string, Record<string, string>])[];
type LucideModule = { __iconData: { node: LucideNode } };

/** The shapes of one icon; some names only forward to the icon's newer name. */
async function iconNode(folder: URL, name: string): Promise<LucideNode> {
  const file = new URL(`${name}.mjs`, folder);
  const forwarded = /export \{ default \} from '\.\/(.+)\.mjs'/.exec(readFileSync(file, 'utf8'));
  if (forwarded?.[1]) return iconNode(folder, forwarded[1]);
  return ((await import(file.href)) as LucideModule).__iconData.node;
}

/** The text of icon-data.ts for the installed lucide version. */
export async function iconDataSource(): Promise<string> {
  const resolve = createRequire(import.meta.url).resolve;
  const folder = new URL('./esm/icons/', pathToFileURL(resolve('lucide-react').replace(/\/cjs\/[^/]+$/, '/')));
  const lines: string[] = [];
  for (const name of [...iconNames].sort()) {
    const shapes = (await iconNode(folder, name)).map(([tag, { key: _key, ...attributes }]) => [tag, attributes]);
    lines.push(`  '${name}': ${JSON.stringify(shapes)},`);
  }
  return `/** Made by icons.generate.ts from lucide (ISC licence, https://lucide.dev/license); do not edit. */
// biome-ignore format: one icon a line keeps differences readable.
export const iconData = {
${lines.join('\n')}
} as const;
`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  writeFileSync(new URL('icon-data.ts', import.meta.url), await iconDataSource());
}
