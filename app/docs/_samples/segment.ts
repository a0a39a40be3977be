/** Segment's own SDKs, told to send here. A slow test installs and runs them. */
import type { Sample } from '@/app/docs/_samples/languages';
import { environment } from '@/app/docs/_samples/typescript';

/** As its registry names it. */
const sdk = '@segment/analytics-node';

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

const python = (address: string): string => `import os

import segment.analytics as analytics

analytics.write_key = os.environ["WRITE_KEY"]
analytics.host = "${address}"

analytics.identify("user-1", {"plan": "pro"})
analytics.track("user-1", "Order Completed", {"order_id": "1001", "revenue": 49.9})

# Before the process ends: sends what still waits.
analytics.flush()`;

const typescript = (address: string): string => `import { Analytics } from '${sdk}';

const analytics = new Analytics({
  writeKey: ${environment('WRITE_KEY')} ?? '',
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
  code: { curl: curl(address), python: python(address), typescript: typescript(address) },
  install: { python: 'pip install segment-analytics-python', typescript: `npm install ${sdk}` },
});
