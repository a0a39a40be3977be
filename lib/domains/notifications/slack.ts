/** Messages of a provider config to its Slack channel, by the incoming webhook that the config keeps sealed. */
import { eq } from 'drizzle-orm';
import type { Channel, Delivery } from '@/lib/domains/notifications/channel';
import type { Content } from '@/lib/domains/notifications/contents/content';
import { contentOf } from '@/lib/domains/notifications/contents/contents';
import { webhookPlace } from '@/lib/domains/providers/rules';
import { providerConfigs } from '@/lib/domains/providers/tables';
import { open } from '@/lib/kernel/sealing';
import { db } from '@/lib/platform/db';
import { env } from '@/lib/platform/env';
import { ConnectionRefused, type PinnedFetch, pinnedFetch } from '@/lib/platform/http/pinned-fetch';

/** The config whose channel a message names as its recipient. */
const configOf = (recipient: string): string => recipient.replace(/^config:/, '');

const serviceOrigin = 'https://hooks.slack.com';

/** Slack reads these three signs as its own; escaped they are text. */
const escaped = (text: string): string => text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');

/** The message as Slack shows it. */
function textOf({ heading, paragraphs, facts = [], action, because }: Content, portalUrl: string): string {
  const lines = [
    `*${escaped(heading)}*`,
    ...paragraphs.map(escaped),
    ...facts.map(([name, value]) => `${escaped(name)}: ${escaped(value)}`),
    ...(action ? [`<${portalUrl}${action.path}|${escaped(action.label)}>`] : []),
    `_${escaped(because)}_`,
  ];
  return lines.join('\n');
}

/** Slack's short words for what is over for good, such as no_service and channel_is_archived. */
const saidBy = (text: string): string => (/^[a-z_]{1,60}$/.test(text.trim()) ? ` (${text.trim()})` : '');

function deliveryOf(status: number, text: string, retryAfter: string | null): Delivery {
  if (status >= 200 && status < 300) return { outcome: 'accepted', id: null };
  const said = saidBy(text);
  if (status === 429) {
    const seconds = Number(retryAfter);
    return { outcome: 'later', error: 'Slack asks to wait.', retryAfterMs: seconds > 0 ? seconds * 1_000 : 1_000 };
  }
  if (status >= 500) return { outcome: 'later', error: `Slack answered ${status}.`, retryAfterMs: null };
  if (status === 403 || status === 404 || status === 410)
    return { outcome: 'refused', error: `Slack takes no messages at this webhook any more${said}. Make a new one.` };
  return { outcome: 'refused', error: `Slack refused the message: ${status}${said}.` };
}

async function post(url: string, body: object, send: PinnedFetch): Promise<Delivery> {
  try {
    const headers = { 'content-type': 'application/json' };
    const answer = await send(url, { method: 'POST', headers, body: JSON.stringify(body) });
    return deliveryOf(answer.status, await answer.text(), answer.headers.get('retry-after'));
  } catch (error) {
    if (!(error instanceof ConnectionRefused)) throw error;
    return { outcome: 'later', error: `Slack could not be reached: ${error.message}`, retryAfterMs: null };
  }
}

/** Slack by incoming webhooks; `send` and `baseUrl` name another client and place, for tests. */
export function slackChannel(send: PinnedFetch = pinnedFetch, baseUrl = () => env().SLACK_WEBHOOK_BASE_URL): Channel {
  return async message => {
    const configId = configOf(message.recipient);
    const [config] = await db().select().from(providerConfigs).where(eq(providerConfigs.configId, configId));
    if (!config?.sealedSlackWebhook)
      return { outcome: 'refused', error: 'The config is gone, or has no Slack webhook any more.' };
    if (!config.notificationEnabled && message.event !== 'slack_test')
      return { outcome: 'refused', error: 'The config’s messages were turned off.' };
    const place = webhookPlace(config.customerId, configId);
    const url = (await open(config.sealedSlackWebhook, place)).toString('utf8');
    if (!url.startsWith(`${serviceOrigin}/`))
      return { outcome: 'refused', error: 'The webhook is no address of Slack.' };
    const { companyName, data, secret, event } = message;
    const content = contentOf(event, { company: companyName, data, secret });
    const text = textOf(content, env().PORTAL_URL.replace(/\/$/, ''));
    const base = baseUrl();
    return post(base ? url.replace(serviceOrigin, base.replace(/\/$/, '')) : url, { text }, send);
  };
}
