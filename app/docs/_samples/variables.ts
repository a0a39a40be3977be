/** The variables that samples read, and how a reader sets them. */
import type { Block, DocsPage } from '@/app/docs/_content/types';
import type { Sample } from '@/app/docs/_samples/languages';

/** Example and origin of each variable; a sample uses no other. */
const known: Record<string, { value: string; origin: string }> = {
  TENANTRY_KEY: { value: 'ty_live_…', origin: 'of the page API keys' },
  TENANTRY_SERVICE_KEY: { value: 'ty_svc_…', origin: 'operators only' },
  WRITE_KEY: { value: 'wk_…', origin: 'of an event source, from the page Event sources' },
  RUN_ID: { value: '…', origin: 'pipeline_logging_id, as starting a run answered it' },
  CONFIG_ID: { value: '…', origin: 'of a provider config, as the list of configs shows it' },
  CREDENTIAL_ID: { value: '…', origin: 'credential_id of a config' },
  MESSAGE_ID: { value: '…', origin: 'messageId of an event that was sent' },
};

const inBlock = (block: Block): Sample[] => {
  if (typeof block === 'string') return [];
  if ('sample' in block) return [block.sample];
  return 'call' in block && block.call.sample ? [block.call.sample] : [];
};

/** All samples of a page. */
export const samplesOf = ({ sections }: DocsPage): Sample[] =>
  sections.flatMap(({ blocks }) => blocks.flatMap(inBlock));

/** Names of the variables that the samples read, in the order of the table above. */
export function variablesOf(samples: readonly Sample[]): string[] {
  const codes = samples.flatMap(({ code }) => Object.values(code));
  return Object.keys(known).filter(name => codes.some(code => new RegExp(`\\b${name}\\b`).test(code)));
}

/** Lines for a shell that set them; `key` is the start of the visitor's own one. */
export function setUpOf(names: readonly string[], key: { name: string; start: string } | null): string {
  const lines = names.map(name => {
    const { value = '…', origin = '' } = known[name] ?? {};
    if (name !== 'TENANTRY_KEY' || !key) return [`export ${name}=${value}`, origin];
    return [`export ${name}=${key.start}…`, `“${key.name.replace(/\s+/g, ' ')}”; paste the whole key`];
  });
  const width = Math.max(...lines.map(([line = '']) => line.length));
  return lines.map(([line = '', origin]) => `${line.padEnd(width)}  # ${origin}`).join('\n');
}
