/** Segment's own SDKs, told to send here. A slow test installs and runs them. */
import type { Sample } from '@/app/docs/_samples/languages';
import { environment } from '@/app/docs/_samples/typescript';

/** Segment's SDKs of servers as their registries name them. */
export const segmentPackages = { node: '@segment/analytics-node', python: 'segment-analytics-python' };

const curl = (address: string): string => `# Every SDK sends batches such as this one.
curl --fail-with-body "${address}/v1/batch" \\
  -u "$WRITE_KEY:" \\
  -H "Content-Type: application/json" \\
  -d @- <<JSON
{
  "batch": [
    { "type": "identify", "userId": "user-1", "traits": { "plan": "pro" } },
    { "type": "track", "userId": "user-1", "event": "Order Completed", "properties": { "revenue": 49.9 } }
  ]
}
JSON`;

type Program = {
  address: string /** The write key as the language writes it: a text in quotes, or a variable. */;
  writeKey: string;
};

/** For a server in Python; `imports` come before the SDK's own. */
export const pythonProgram = (
  { address, writeKey }: Program,
  imports = '',
): string => `${imports}import segment.analytics as analytics

analytics.write_key = ${writeKey}
analytics.host = "${address}"

analytics.identify("user-1", {"plan": "pro"})
analytics.track("user-1", "Order Completed", {"order_id": "1001", "revenue": 49.9})

# Before the process ends: sends what still waits.
analytics.flush()`;

/** For a server in Node. */
export const nodeProgram = ({
  address,
  writeKey,
}: Program): string => `import { Analytics } from '${segmentPackages.node}';

const analytics = new Analytics({
  writeKey: ${writeKey},
  host: '${address}',
});

analytics.identify({ userId: 'user-1', traits: { plan: 'pro' } });
analytics.track({
  userId: 'user-1',
  event: 'Order Completed',
  properties: { order_id: '1001', revenue: 49.9 },
});

// Before the process ends: sends what still waits.
await analytics.closeAndFlush();`;

/** The SDKs of servers; the browser's is on the page of each source. */
export const segmentSdks = (address: string): Sample => ({
  id: 'events-sdks',
  title: 'Send by Segment’s SDK',
  code: {
    curl: curl(address),
    python: pythonProgram({ address, writeKey: 'os.environ["WRITE_KEY"]' }, 'import os\n\n'),
    typescript: nodeProgram({ address, writeKey: `${environment('WRITE_KEY')} ?? ''` }),
  },
  install: { python: `pip install ${segmentPackages.python}`, typescript: `npm install ${segmentPackages.node}` },
});
