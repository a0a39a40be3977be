/** Masks a row before it is written to the log: addresses always, secrets and e-mails where the customer chose so. */
import { maskAddresses } from '@/lib/domains/agent-log/collect/masking/mask-addresses';
import { maskEmails } from '@/lib/domains/agent-log/collect/masking/mask-emails';
import type { ChatEvent, JsonObject, JsonValue, RepoSnapshot } from '@/lib/domains/agent-log/events';
import type { AgentLogSettings } from '@/lib/domains/agent-log/tables';
import { maskJson, maskSecrets } from '@/lib/domains/runs/explain/mask-secrets';

export type Masking = Pick<AgentLogSettings, 'maskSecrets' | 'maskEmails'>;

/** The same JSON with every text in it, names too, as `by` makes it. */
function withTexts(value: JsonValue, by: (text: string) => string): JsonValue {
  if (typeof value === 'string') return by(value);
  if (Array.isArray(value)) return value.map(item => withTexts(item, by));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [by(name), withTexts(item, by)]));
}

function maskValue(value: JsonValue, masking: Masking): JsonValue {
  if (value === null) return null;
  const left = masking.maskSecrets ? (maskJson(value) as JsonValue) : value;
  return masking.maskEmails ? withTexts(left, maskEmails) : left;
}

const maskRepo = (url: string, masking: Masking): string => (masking.maskSecrets ? maskSecrets(url) : url);

/** By which rows are paired and counted, and which hold no prose. */
const ids = ['execution_id', 'tool_name', 'status', 'model', 'commit_hash'] as const;

function maskMetadata(metadata: JsonObject | null, masking: Masking): JsonObject | null {
  if (metadata === null) return null;
  const left = maskValue(metadata, masking) as JsonObject;
  for (const name of ids) if (Object.hasOwn(metadata, name)) left[name] = metadata[name]!;
  if (typeof metadata.repo_url === 'string') left.repo_url = maskRepo(metadata.repo_url, masking);
  return left;
}

/** The event as it may be kept. `session_id` and `user_id` stay as they were sent. */
export function maskEvent(event: ChatEvent, masking: Masking): ChatEvent {
  const { client_info: clientInfo } = event;
  return {
    ...event,
    content: maskValue(event.content, masking),
    metadata: maskMetadata(event.metadata, masking),
    client_info: clientInfo === null ? null : (withTexts(maskValue(clientInfo, masking), maskAddresses) as JsonObject),
  };
}

/** The snapshot as it may be kept: a password within the repository's address is a secret. */
export const maskSnapshot = (snapshot: RepoSnapshot, masking: Masking): RepoSnapshot => ({
  ...snapshot,
  repo_url: maskRepo(snapshot.repo_url, masking),
});
