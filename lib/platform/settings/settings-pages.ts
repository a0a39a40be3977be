/** What `npm run generate` writes of the settings. */
import { settings } from '@/lib/platform/settings/settings';

/** Text of `.env.example`: every setting with its description and default, or an example where there is none. */
export function envExample(): string {
  const { NODE_ENV: _ofTheRuntime, ...shape } = settings.shape;
  const lines = Object.entries(shape).map(([name, type]) => {
    const initial = type.safeParse(undefined);
    const value =
      initial.success && initial.data !== undefined && !Array.isArray(initial.data)
        ? String(initial.data)
        : (type.meta()?.examples?.[0] ?? '');
    return `# ${type.description ?? ''}\n${name}=${value}\n`;
  });
  return `# Settings of Tenantry; made from lib/platform/settings/settings.ts by \`npm run generate\`.\n\n${lines.join('\n')}`;
}

/** The settings as rows of a Markdown table, for docs/settings.md. */
export function settingsTable(): string {
  const rows = Object.entries(settings.shape).map(([name, type]) => {
    const initial = type.safeParse(undefined);
    const value = !initial.success
      ? 'required'
      : initial.data === undefined || Array.isArray(initial.data)
        ? '–'
        : `\`${initial.data}\``;
    return `| \`${name}\` | ${value} | ${type.description ?? ''} |`;
  });
  return ['| Setting | Default | What it is |', '|---|---|---|', ...rows].join('\n');
}
