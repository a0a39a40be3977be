/** Slack's incoming webhooks: every message is kept for who looks, and a webhook named `gone` is one that was taken back. */
import type { ProvidersState } from '@/dev/doubles/providers/state';

const mostKept = 500;

/** POST /services/T…/B…/…: takes a message with a text, as Slack does. */
export function takeSlackMessage(state: ProvidersState, path: string, body: string): Response {
  let text: unknown;
  try {
    text = (JSON.parse(body) as { text?: unknown }).text;
  } catch {
    return new Response('invalid_payload', { status: 400 });
  }
  if (typeof text !== 'string' || text === '') return new Response('no_text', { status: 400 });
  if (path.toLowerCase().includes('gone')) return new Response('no_service', { status: 404 });
  state.slack = [...(state.slack ?? []), { path, text, at: new Date().toISOString() }].slice(-mostKept);
  return new Response('ok');
}

/** The kept messages, oldest first. */
export const slackMessages = (state: ProvidersState): Response => Response.json({ data: state.slack ?? [] });
