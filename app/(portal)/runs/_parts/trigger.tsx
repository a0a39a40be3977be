/** What set a run off: a schedule, a key by its name, a person, a webhook, or another run. */
import { Link } from '@/app/_ui/link';
import type { RunNames } from '@/lib/domains/runs/reads/run-names';

export type Triggered = {
  triggerType: string;
  triggerBy: string;
  /** An address, or a key as `api_key:<id>`; null for runs older than that is kept. */
  askedBy: string | null;
  apiKeyId: string | null;
};

const words: Record<string, string> = {
  api: 'API',
  scheduler: 'Schedule',
  manual: 'By hand',
  webhook: 'Webhook',
  retry: 'Run again',
};

export const triggerWord = (triggerType: string): string => words[triggerType] ?? triggerType;

/** "Mia Kern" for an address of a member, the address otherwise; nothing for machines. */
export function personOf(text: string | null, names: RunNames): string | null {
  return text?.includes('@') ? (names.people.get(text) ?? text) : null;
}

/** "API · ci-loader", "Schedule", "Run again · Mia Kern". */
export function Trigger({ run, names }: { run: Triggered; names: RunNames }) {
  const person = personOf(run.askedBy, names) ?? personOf(run.triggerBy, names);
  const keyName = run.apiKeyId ? names.keys.get(run.apiKeyId) : undefined;
  return (
    <span className="wrap-anywhere sm:inline-block sm:min-w-32">
      {triggerWord(run.triggerType)}
      {person && ` · ${person}`}
      {!person && run.apiKeyId && keyName && (
        <>
          {' · '}
          <Link className="link" href={`/keys/${encodeURIComponent(run.apiKeyId)}`}>
            <span className="sr-only">API key </span>
            {keyName}
          </Link>
        </>
      )}
    </span>
  );
}
