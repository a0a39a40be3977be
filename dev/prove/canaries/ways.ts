/** The ways in which secrets are sent: every form with and without scripts, every call, and what can be wrong with them. */
import { type breakages, failsAtProvider } from '@/dev/prove/canaries/breakages';
import type { Answered, Browser } from '@/dev/prove/canaries/portal-forms';
import { type Canary, makeCanary } from '@/dev/prove/canaries/secrets';
import type { CredentialKind } from '@/lib/domains/credentials/rules';

export type Way = {
  name: string;
  /** How many secrets go this way. */
  count: number;
  /** What is broken meanwhile. */
  during?: keyof typeof breakages;
  /** Tests at the provider, of which there are only so many a minute. */
  asksProvider?: boolean;
  /** Statuses that the answer may have. */
  expected: readonly number[];
  /** What the answer must hold, so that the way is known to have been gone to its end. */
  says?: RegExp;
  send: (canary: Canary, label: string) => Promise<Answered>;
};

type Senders = { owner: Browser; viewer: Browser; key: Browser; customerId: string; stored: Stored };
/** A credential of each kind that ways change. */
export type Stored = Record<CredentialKind, string>;

const kinds = [
  'openai_api_key',
  'anthropic_api_key',
  'aws_access_key',
  'azure_client_secret',
  'gcp_service_account',
] as const;
/** The kinds in turn, service accounts more rarely: their keys take long to make. */
export const kindAt = (index: number): CredentialKind => kinds[index % 10 === 9 ? 4 : index % 4] ?? 'openai_api_key';
export const canaryAt = (index: number): Canary => makeCanary(kindAt(index));

const newPage = ({ secret }: Canary): string => `/credentials/new?kind=${secret.kind}`;
const tooLong = (text: string): string => text + 'A'.repeat(30_000);
/** A secret whose own text is spoilt, so that it is refused. */
const spoilt = ({ secret, field }: Canary, change: (text: string) => string): Record<string, string> => ({
  ...secret,
  [field]: change(secret[field] ?? ''),
});

function forms({ owner, customerId }: Senders): Way[] {
  const submit =
    (scripts: boolean, intent: string, change: (canary: Canary) => object = () => ({})) =>
    (canary: Canary, label: string) =>
      owner.submit(newPage(canary), 'name', { name: label, ...canary.secret, intent, ...change(canary) }, scripts);
  const both = (
    name: string,
    count: number,
    says: RegExp,
    { intent = 'save', change }: { intent?: 'save' | 'test'; change?: (canary: Canary) => object } = {},
  ): Way[] =>
    [true, false].map(scripts => ({
      name: `${name}, ${scripts ? 'with' : 'without'} scripts`,
      count,
      // React's own call gets the redirect of an action as an answer.
      expected: [200, 303],
      says,
      send: submit(scripts, intent, change),
      asksProvider: intent === 'test',
    }));
  const spoil = (change: (text: string) => string) => ({ change: (canary: Canary) => spoilt(canary, change) });
  return [
    ...both('form: stored', 10, /done=stored/),
    ...both('form: tested and refused by the provider', 4, /refused this secret/, { intent: 'test' }),
    // A client secret of Azure has no form by which it could be told to be cut.
    ...both(
      'form: cut in the middle',
      6,
      /"status":"error"|role="alert"|aria-invalid|done=stored/,
      spoil(text => `{"x":"${text}`),
    ),
    ...both('form: too long', 4, /"status":"error"|role="alert"|aria-invalid/, spoil(tooLong)),
    ...both('form: the secret as the name', 8, /looks like a secret|at most 80 characters/, {
      change: canary => ({ name: canary.secret[canary.field] }),
    }),
    ...both('form: of another organization (409)', 6, /switched organization/, {
      change: () => ({ customer_id: `not-${customerId}` }),
    }),
  ];
}

function calls({ owner, viewer, key, stored }: Senders): Way[] {
  const post =
    (browser: Browser, path: string, body: (canary: Canary, label: string) => unknown) =>
    (canary: Canary, label: string) => {
      const sent = body(canary, label);
      return browser.json('POST', path, typeof sent === 'string' ? sent : JSON.stringify(sent));
    };
  const create = (canary: Canary, name: string) => ({ name, secret: canary.secret });
  const of = (canary: Canary): string => stored[canary.secret.kind as CredentialKind];
  return [
    { name: 'API: stored', count: 8, expected: [201], send: post(owner, '/api/credentials', create) },
    { name: 'API: stored by a key', count: 4, expected: [201], send: post(key, '/api/credentials', create) },
    {
      name: 'API: no JSON',
      count: 8,
      expected: [400],
      send: post(owner, '/api/credentials', (...given) => JSON.stringify(create(...given)).slice(0, -2)),
    },
    {
      name: 'API: too long',
      count: 6,
      expected: [400],
      send: post(owner, '/api/credentials', (canary, name) => ({ name, secret: spoilt(canary, tooLong) })),
    },
    {
      name: 'API: the secret as the name',
      count: 8,
      expected: [400],
      send: post(owner, '/api/credentials', canary => create(canary, canary.secret[canary.field] ?? '')),
    },
    {
      name: 'API: the secret in an unknown field',
      count: 6,
      expected: [400],
      send: post(owner, '/api/credentials', (canary, name) => ({
        ...create(canary, name),
        extra: canary.secret[canary.field],
      })),
    },
    {
      name: 'API: the secret as its kind',
      count: 6,
      expected: [400],
      send: post(owner, '/api/credentials', (canary, name) => ({
        name,
        secret: { ...canary.secret, kind: canary.secret[canary.field] },
      })),
    },
    {
      name: 'API: name taken',
      count: 6,
      expected: [400, 409],
      send: post(owner, '/api/credentials', canary => create(canary, 'canary taken')),
    },
    { name: 'API: by a viewer (403)', count: 4, expected: [403], send: post(viewer, '/api/credentials', create) },
    {
      name: 'API: test of a secret that is not stored',
      asksProvider: true,
      count: 8,
      expected: [200],
      send: post(owner, '/api/credentials/test', canary => ({ secret: canary.secret })),
    },
    {
      name: 'API: secret replaced',
      count: 6,
      expected: [200],
      send: canary => owner.json('PATCH', `/api/credentials/${of(canary)}`, JSON.stringify({ secret: canary.secret })),
    },
    {
      name: 'API: rotated',
      count: 6,
      expected: [200],
      send: canary =>
        owner.json('POST', `/api/credentials/${of(canary)}/rotate`, JSON.stringify({ secret: canary.secret })),
    },
    {
      name: 'API: the secret as a config’s name, description or tag',
      count: 6,
      expected: [400],
      send: canary => {
        const isFile = canary.secret.kind === 'gcp_service_account';
        const text = isFile ? `-----BEGIN PRIVATE KEY-----${canary.needle}` : canary.secret[canary.field];
        const body = { name: text, provider: 'GCP', domain: 'COST', description: text, tags: [text], is_active: false };
        return owner.json('POST', '/api/providers', JSON.stringify(body));
      },
    },
  ];
}

function broken({ owner }: Senders): Way[] {
  const stored: readonly Way['during'][] = ['key service down', 'database refuses'];
  const byForm = (intent: string) => (canary: Canary, name: string) =>
    owner.submit(newPage(canary), 'name', { ...canary.secret, name, intent }, true);
  const away =
    (send: Way['send']): Way['send'] =>
    async (canary, label) => {
      await failsAtProvider(canary);
      return send(canary, label);
    };
  return [
    ...stored.flatMap((during): Way[] => [
      { name: `form, ${during}`, count: 6, during, expected: [200], send: byForm('save') },
      {
        name: `API, ${during}`,
        count: 6,
        during,
        expected: [500, 503],
        send: ({ secret }, name) => owner.json('POST', '/api/credentials', JSON.stringify({ name, secret })),
      },
    ]),
    {
      name: 'form, provider down',
      count: 4,
      asksProvider: true,
      expected: [200, 303],
      says: /done=stored/,
      send: away(byForm('test')),
    },
    {
      name: 'API, provider down',
      asksProvider: true,
      count: 8,
      says: /reach/,
      expected: [200],
      send: away(({ secret }) => owner.json('POST', '/api/credentials/test', JSON.stringify({ secret }))),
    },
  ];
}

/** All of them. */
export const waysOf = (senders: Senders): Way[] => [...forms(senders), ...calls(senders), ...broken(senders)];
