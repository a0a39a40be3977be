/** Events in the form of Segment, and the tables that they become. */
import type { Addresses, DocsPage, PageEntry } from '@/app/docs/_content/types';
import { newUuid, variable } from '@/app/docs/_samples/made';
import { requestSample } from '@/app/docs/_samples/request';
import { segmentSdks } from '@/app/docs/_samples/segment';

const tables: readonly (readonly [string, string])[] = [
  ['`tracks`', 'every `track` call, without its properties'],
  ['`<event>`', 'one table an event: “Order Completed” is `order_completed`, with the properties as columns'],
  ['`identifies`', 'every `identify` call with its traits'],
  ['`users`', 'one row a user with the latest traits'],
  ['`pages`, `screens`', 'every `page` and `screen` call with its properties'],
  ['`groups`, `aliases`', 'every `group` and `alias` call'],
  ['`<table>_view`', 'the last 60 days, each `id` once: count here, as a call may be delivered twice'],
];

const query = `SELECT event, COUNT(*) AS calls
FROM production_site.tracks_view
WHERE received_at >= TIMESTAMP_SUB(CURRENT_TIMESTAMP(), INTERVAL 7 DAY)
GROUP BY event`;

const content = ({ dataPlane: address }: Addresses): DocsPage => ({
  slug: 'events',
  title: 'Event sources (Segment)',
  lead: 'Point Segment’s SDKs here: what they send becomes rows of BigQuery in the form of Segment’s own destination.',
  sections: [
    {
      id: 'source',
      title: 'A source and its write key',
      blocks: [
        'Each source has a write key, a dataset named after it, and its own pages: setup, events as they come, schema, discards and volume. The write key may stand in a page: whoever has it can send, and reads nothing.',
        { tryIt: 'Create a source', href: '/sources/new' },
      ],
    },
    {
      id: 'call',
      title: 'One call',
      blocks: [
        {
          sample: requestSample('events-track', 'Track an event', {
            method: 'POST',
            address,
            path: ['/v1/track'],
            auth: 'write_key',
            body: {
              messageId: newUuid,
              userId: 'user-1',
              event: 'Order Completed',
              properties: { order_id: '1001', revenue: 49.9 },
            },
          }),
        },
        'A message id of a source counts once in 24 hours, so a repeat is safe. The calls are [track, page and screen](/docs/api/events), [identify, group and alias](/docs/api/users-and-groups), and [batch and import](/docs/api/event-batches).',
      ],
    },
    {
      id: 'sdks',
      title: 'Segment’s SDKs',
      blocks: [
        'They work unchanged, but for the address. In a browser, `cdnURL` is the same address: the settings that the SDK fetches from there lead its events here.',
        { sample: segmentSdks(address) },
      ],
    },
    {
      id: 'receipt',
      title: 'What became of an event',
      blocks: [
        'Every message id has a receipt: refused and why, or which tables got a row, by which job, and which values no column took.',
        {
          sample: requestSample('events-receipt', 'Read what became of an event', {
            method: 'GET',
            address,
            path: ['/v1/events/', variable('MESSAGE_ID')],
            auth: 'key',
          }),
        },
      ],
    },
    {
      id: 'tables',
      title: 'Tables',
      blocks: [
        { caption: 'Tables of a source', head: ['Table', 'Rows'], rows: tables },
        'Tables are partitioned by the UTC day of `received_at`: a query that bounds it reads, and costs, only those days.',
        { code: query, language: 'sql', label: 'a query' },
      ],
    },
    {
      id: 'columns',
      title: 'Columns and types',
      blocks: [
        {
          list: [
            'Names are snake_case: `orderId` is `order_id`, `context.device.type` is `context_device_type`. Arrays are stored as JSON text.',
            'A property becomes a column with its first value that is not null, and that value gives the type: BOOL, INT64, FLOAT64, TIMESTAMP or STRING.',
            'A value of another type widens the column so that it and all values before it are kept: INT64 becomes FLOAT64 for a fraction, anything else becomes STRING. A fraction is never cut.',
            'A value that no column can take is left out and its row loaded. It is counted on the source’s page Discards, where it can be replayed.',
          ],
        },
      ],
    },
  ],
});

export const events: PageEntry = { slug: 'events', title: 'Event sources (Segment)', content };
