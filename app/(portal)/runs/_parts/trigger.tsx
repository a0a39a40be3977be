/** What set a run off: a schedule, a key by its name, a person, a webhook, another run, or an orchestrator that only told us. */
import { ObservedBadge, orchestratorName } from '@/app/(portal)/_runs/observed';
import { ActorName } from '@/app/(portal)/_shell/actor-name';
import type { Run, runOrigins } from '@/lib/domains/runs/tables';
import { type ActorNames, actorText } from '@/lib/domains/team/actor-names';

export type Triggered = {
  triggerType: string;
  triggerBy: string;
  /** An address, or a key as `api_key:<id>`; null for runs older than that is kept. */
  askedBy: string | null;
  apiKeyId: string | null;
  origin: (typeof runOrigins)[number];
  /** As it names itself; null where none reported of it. */
  orchestrator: string | null;
};

const words: Record<string, string> = {
  api: 'API',
  scheduler: 'Schedule',
  manual: 'By hand',
  webhook: 'Webhook',
  retry: 'Run again',
};

export const triggerWord = (triggerType: string): string => words[triggerType] ?? triggerType;

/** What of a stored run says who caused it. */
export const triggeredOf = ({ triggerType, triggerBy, startedBy, apiKeyId, origin, orchestrator }: Run): Triggered => ({
  triggerType,
  triggerBy,
  askedBy: startedBy,
  apiKeyId,
  origin,
  orchestrator,
});

const isAddress = (text: string | null): text is string => text?.includes('@') ?? false;

/** Whoever may be named as the cause of a run; what readActorNames is asked for. */
export const whoOf = ({ askedBy, triggerBy, apiKeyId }: Triggered): (string | null)[] => [
  askedBy,
  triggerBy,
  apiKeyId && `api_key:${apiKeyId}`,
];

/** The caller to name: a person before a key, a key before a machine of ours; null where only the kind of trigger says it. */
function causeOf({ askedBy, triggerBy, apiKeyId }: Triggered): string | null {
  const person = [askedBy, triggerBy].find(isAddress);
  if (person) return person;
  if (apiKeyId) return `api_key:${apiKeyId}`;
  return [askedBy, triggerBy].find(text => text?.startsWith('service:')) ?? null;
}

/** "Mia Kern", "API key “ci-loader”"; the trigger's word where nobody is known. */
export function causeText(run: Triggered, names: ActorNames): string {
  const cause = causeOf(run);
  return cause ? actorText(cause, names) : triggerWord(run.triggerType);
}

/** "API · ci-loader", "API · Service key “ops-worker”", "Schedule", "Run again · Mia Kern"; "Airflow · By hand" and the word Observed. */
export function Trigger({ run }: { run: Triggered }) {
  if (run.origin === 'observed')
    return (
      <span className="inline-flex flex-wrap items-center gap-x-2 gap-y-1 sm:min-w-32">
        <span className="wrap-anywhere">
          {[orchestratorName(run.orchestrator), run.triggerType === 'manual' ? triggerWord('manual') : null]
            .filter(Boolean)
            .join(' · ')}
        </span>
        <ObservedBadge />
      </span>
    );
  const cause = causeOf(run);
  return (
    <span className="wrap-anywhere sm:inline-block sm:min-w-32">
      {triggerWord(run.triggerType)}
      {cause && ' · '}
      {cause && <ActorName label={cause} isShort />}
    </span>
  );
}
