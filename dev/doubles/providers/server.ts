/** The double of the five providers whose credentials are tested, and of Slack's webhooks: each below a folder of its own, and what it takes by /control. */
import { defineEmulator } from 'emulate';
import { z } from 'zod';
import { runDouble } from '@/dev/doubles/double-server';
import { sts } from '@/dev/doubles/providers/aws';
import { azureSubscriptions, azureToken } from '@/dev/doubles/providers/azure';
import { gcpToken, testIamPermissions } from '@/dev/doubles/providers/gcp';
import { anthropicModels, openaiModels } from '@/dev/doubles/providers/model-lists';
import { slackMessages, takeSlackMessage } from '@/dev/doubles/providers/slack';
import {
  credentialStates,
  emptyState,
  keyOf,
  Outage,
  type ProvidersState,
  providerNames,
} from '@/dev/doubles/providers/state';

type Call = { state: ProvidersState; method: string; url: URL; headers: Headers; body: string; named: string };
type Route = [method: string, path: RegExp, answer: (call: Call) => Response | Promise<Response>];

const registration = z.strictObject({
  provider: z.enum(providerNames),
  id: z.string().min(1),
  secret: z.string().default(''),
  state: z.enum(credentialStates).default('active'),
  permissions: z.array(z.string()).default([]),
  home: z.string().default(''),
});

/** Registers a credential, or changes one that is there: its state, what it may, what proves it. */
function register({ state, body }: Call): Response {
  const parsed = registration.safeParse(JSON.parse(body || '{}'));
  if (!parsed.success) return Response.json({ problems: parsed.error.issues }, { status: 400 });
  state.credentials[keyOf(parsed.data.provider, parsed.data.id)] = parsed.data;
  return Response.json({ registered: parsed.data.id });
}

const bearer = ({ headers }: Call) => headers.get('authorization')?.replace(/^Bearer /, '') ?? '';

/** Every call it knows; the first group of the path is what it names. */
const routes: Route[] = [
  ['POST', /^\/control\/credentials()$/, register],
  ['POST', /^\/slack(\/services\/[\w/-]+)$/, c => takeSlackMessage(c.state, c.named, c.body)],
  ['GET', /^\/control\/slack()$/, c => slackMessages(c.state)],
  ['POST', /^\/gcp\/token()$/, c => gcpToken(c.state, c.body)],
  [
    'POST',
    /^\/gcp\/v1\/projects\/([^/:]+):testIamPermissions$/,
    c => testIamPermissions(c.state, { project: c.named, token: bearer(c), body: c.body }),
  ],
  ['POST', /^\/aws\/?()$/, c => sts(c.state, c)],
  ['POST', /^\/azure-login\/([^/]+)\/oauth2\/v2\.0\/token$/, c => azureToken(c.state, c.named, c.body)],
  ['GET', /^\/azure-management\/subscriptions()$/, c => azureSubscriptions(c.state, bearer(c))],
  ['GET', /^\/openai\/v1\/models()$/, c => openaiModels(c.state, bearer(c))],
  ['GET', /^\/anthropic\/v1\/models()$/, c => anthropicModels(c.state, c.headers)],
];

async function answerOf(state: ProvidersState, request: Request): Promise<Response> {
  const url = new URL(request.url);
  for (const [method, path, answer] of routes) {
    const found = method === request.method ? path.exec(url.pathname) : null;
    if (!found) continue;
    const { headers } = request;
    return answer({ state, method, url, headers, body: await request.text(), named: found[1] ?? '' });
  }
  return Response.json({ error: `The local providers have no ${request.method} ${url.pathname}.` }, { status: 404 });
}

export const providers = defineEmulator<ProvidersState>({
  name: 'providers',
  state: emptyState,
  setup({ app, state }) {
    app.get('/health', c => c.json({ ok: true }));
    const handle = async (request: Request) => {
      try {
        return await answerOf(state, request);
      } catch (error) {
        if (!(error instanceof Outage)) throw error;
        return new Response('<html>503 Service Unavailable</html>', { status: 503 });
      }
    };
    for (const method of ['GET', 'POST'] as const) app.on(method, '*', c => handle(c.req.raw));
  },
});

if (import.meta.main) await runDouble(providers);
