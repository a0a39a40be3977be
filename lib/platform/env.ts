/** The only reader of process.env: every setting of every process, checked at start, all problems listed at once. */
import { z } from 'zod';
import { inputMessage } from '@/lib/platform/input-messages';
import { settings } from '@/lib/platform/settings/settings';

export type Env = z.output<typeof settings>;

export class EnvironmentError extends Error {
  constructor(readonly problems: string[]) {
    super(`The environment is not complete:\n${problems.map(line => `  - ${line}`).join('\n')}`);
  }
}

/** Parses settings; throws EnvironmentError with a line for each problem. Empty text counts as not set. */
export function parseEnv(source: Record<string, string | undefined>): Env {
  const filled = Object.fromEntries(Object.entries(source).filter(([, value]) => value !== ''));
  const parsed = settings.safeParse(filled, { error: inputMessage });
  if (parsed.success) return parsed.data;
  throw new EnvironmentError(parsed.error.issues.map(issue => `${issue.path.join('.')}: ${issue.message}`));
}

let cached: Env | undefined;

/** The settings of this process, read at the first call. */
export function env(): Env {
  cached ??= parseEnv(process.env);
  return cached;
}

/** Where senders of events reach the data plane: its own address, or the portal's, which answers its calls too; no slash at the end. */
export const dataPlaneUrl = (): string => (env().DATA_PLANE_URL ?? env().PORTAL_URL).replace(/\/+$/, '');

/** Some settings of this process, for tools that run before the others are known; throws EnvironmentError. */
export function envPart<Name extends keyof Env>(...names: Name[]): Pick<Env, Name> {
  const picked = z.object(Object.fromEntries(names.map(name => [name, settings.shape[name]])));
  const filled = Object.fromEntries(Object.entries(process.env).filter(([, value]) => value !== ''));
  const parsed = picked.safeParse(filled, { error: inputMessage });
  // `picked` has exactly the named settings; TypeScript cannot follow Object.fromEntries.
  if (parsed.success) return parsed.data as unknown as Pick<Env, Name>;
  throw new EnvironmentError(parsed.error.issues.map(issue => `${issue.path.join('.')}: ${issue.message}`));
}

/** next-auth reads its own address from NEXTAUTH_URL; ours is PORTAL_URL, so that it is set in one place. */
export function shareAddressWithNextAuth(): void {
  process.env.NEXTAUTH_URL = env().PORTAL_URL;
}
