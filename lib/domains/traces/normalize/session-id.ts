/** Normal form of session ids and developers, so that one session is one wherever it was told from. Source: docs/traces.md, Session ids. */
import { idText, nameText } from '@/lib/domains/traces/normalize/text';

/** What programs write where they have none. */
const placeholders = new Set(['none', 'null', 'nil', 'undefined', 'nan', '00000000-0000-0000-0000-000000000000']);

const uuid = /^(?:urn:uuid:)?\{?([\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12})\}?$/i;

/** The user that Claude Code names: `user_<hash>_account_<uuid>_session_<uuid>`. */
const codingUser = /^(user_.+?)(?:_account_([^_]*))?_session_(.+)$/;

type CodingUser = { user: string; session: string };

/** Newer versions of Claude Code send the same as JSON. */
function codingUserOfJson(text: string): CodingUser | null {
  try {
    const {
      device_id: device,
      account_uuid: account,
      session_id: session,
    } = JSON.parse(text) as Record<string, unknown>;
    if (typeof session !== 'string' || typeof device !== 'string') return null;
    return { user: typeof account === 'string' && account !== '' ? account : device, session };
  } catch {
    return null;
  }
}

function codingUserOf(text: string): CodingUser | null {
  if (text.startsWith('{') && text.length < 1_000) return codingUserOfJson(text);
  const parts = text.startsWith('user_') ? codingUser.exec(text) : null;
  if (!parts) return null;
  return { user: parts[2] ? `${parts[1]}_account_${parts[2]}` : parts[1]!, session: parts[3]! };
}

/** Normal form of a session id, null where there is none. */
export function sessionId(sent: string): string | null {
  const text = idText(codingUserOf(sent)?.session ?? sent);
  if (text === null || placeholders.has(text.toLowerCase())) return null;
  return uuid.exec(text)?.[1]?.toLowerCase() ?? text;
}

/** The session within the name of a user, null where the name holds none. */
export function sessionOfUser(sent: string): string | null {
  const user = codingUserOf(sent);
  return user && sessionId(user.session);
}

/** Developer as sent, null where there is none; of a name that holds a session only the user, who is the same in every session. */
export function developerId(sent: string): string | null {
  const text = nameText(codingUserOf(sent)?.user ?? sent);
  // LiteLLM's name for whoever signs in with the proxy's own key.
  return text === null || text === 'default_user_id' || placeholders.has(text.toLowerCase()) ? null : text;
}
