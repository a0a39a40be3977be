/** What a customer lets the agent log mask and keep. */
import { eq } from 'drizzle-orm';
import { defaultSettings } from '@/lib/domains/agent-log/rules';
import { type AgentLogSettings, agentLogSettings } from '@/lib/domains/agent-log/tables';
import { type Db, db, type Tx } from '@/lib/platform/db';
import { processWide } from '@/lib/platform/process-wide';

/** For so long a process may still mask by what was chosen before. */
export const settingsAgeMs = 5_000;
/** Customers whose settings a process remembers. */
const mostKnown = 10_000;

type Known = { settings: Promise<AgentLogSettings>; readAtMs: number };
const known = () => processWide('agent-log-settings', () => new Map<string, Known>());

/** The settings as they are stored; the defaults where nothing was chosen. */
export async function storedSettings(store: Db | Tx, customerId: string): Promise<AgentLogSettings> {
  const { maskSecrets, maskEmails, keepSpanContent } = agentLogSettings;
  const [row] = await store
    .select({ maskSecrets, maskEmails, keepSpanContent })
    .from(agentLogSettings)
    .where(eq(agentLogSettings.customerId, customerId));
  return row ?? { ...defaultSettings };
}

/** The customer's settings, at most five seconds old. Throws what Postgres throws while it is away: nothing is kept unmasked for that. */
export function readAgentSettings(customerId: string): Promise<AgentLogSettings> {
  const all = known();
  const held = all.get(customerId);
  if (held && performance.now() - held.readAtMs < settingsAgeMs) return held.settings;
  const settings = storedSettings(db(), customerId);
  if (all.size >= mostKnown) all.clear();
  all.set(customerId, { settings, readAtMs: performance.now() });
  settings.catch(() => all.delete(customerId));
  return settings;
}

/** Lets the next read see what is stored now. */
export const forgetAgentSettings = (customerId: string): boolean => known().delete(customerId);
