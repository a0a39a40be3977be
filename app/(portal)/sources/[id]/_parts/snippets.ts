/** What to paste into a site or a server so that it sends events here by Segment's own SDKs. Pure. */
import { nodeProgram, pythonProgram, segmentPackages } from '@/app/docs/_samples/segment';

export const sdkNames = ['browser', 'node', 'python', 'curl'] as const;
export type Sdk = (typeof sdkNames)[number];

/** `address`: where the data plane answers, without a slash at the end. */
export type Where = { writeKey: string; address: string };

export type Snippet = {
  title: string;
  /** What to install first; null where nothing is. */
  install: string | null;
  code: string;
};

/** Segment's SDKs as their registries name them. */
const packages = { browser: '@segment/analytics-next', ...segmentPackages };

const browser = ({ writeKey, address }: Where): string => `import { AnalyticsBrowser } from '${packages.browser}';

// The settings that the SDK fetches from cdnURL tell it to send events to the same address.
export const analytics = AnalyticsBrowser.load({
  writeKey: '${writeKey}',
  cdnURL: '${address}',
});

analytics.page();
analytics.identify('user-1', { plan: 'pro' });
analytics.track('Order Completed', { order_id: '1001', revenue: 49.9 });`;

const node = ({ writeKey, address }: Where): string => nodeProgram({ address, writeKey: `'${writeKey}'` });

const python = ({ writeKey, address }: Where): string => pythonProgram({ address, writeKey: `"${writeKey}"` });

const curl = ({ writeKey, address }: Where): string => `curl -sS "${address}/v1/track" \\
  -u "${writeKey}:" \\
  -H "Content-Type: application/json" \\
  -d '{
    "userId": "user-1",
    "event": "Order Completed",
    "properties": { "order_id": "1001", "revenue": 49.9 }
  }'`;

const made: Record<Sdk, Omit<Snippet, 'code'> & { code: (where: Where) => string }> = {
  browser: { title: 'Browser', install: `npm install ${packages.browser}`, code: browser },
  node: { title: 'Node.js', install: `npm install ${packages.node}`, code: node },
  python: { title: 'Python', install: `pip install ${packages.python}`, code: python },
  curl: { title: 'curl', install: null, code: curl },
};

/** The SDK of the address; curl where it names none, as that needs nothing installed. */
export const sdkOf = (text: string | undefined): Sdk => sdkNames.find(name => name === text) ?? 'curl';

export const sdkTitle = (sdk: Sdk): string => made[sdk].title;

export const snippetOf = (sdk: Sdk, where: Where): Snippet => ({ ...made[sdk], code: made[sdk].code(where) });
