/** The door for events of OpenLineage over HTTP: one event a request, as its clients send them, each durable before it is answered. */
import { startChild } from '@/dev/bench/children';
import type { BenchCustomer } from '@/dev/bench/fixtures';
import { type LoadRequest, load } from '@/dev/bench/load';
import type { Line } from '@/dev/bench/report';
import { newUuid } from '@/lib/platform/ids';

const connections = 64;

const facet = (more: object) => ({
  _producer: 'https://github.com/OpenLineage/OpenLineage/tree/1.54.0/integration/dbt',
  _schemaURL: 'https://openlineage.io/spec/facets/1-2-0/ParentRunFacet.json#/$defs/ParentRunFacet',
  ...more,
});
const fields = ['order_id', 'customer_id', 'amount', 'status'].map(name => ({ name, type: 'VARCHAR' }));

/** As large as dbt's of a model of four columns. */
const event = (runId: string) => ({
  eventTime: new Date().toISOString(),
  eventType: 'START',
  producer: 'https://github.com/OpenLineage/OpenLineage/tree/1.54.0/integration/dbt',
  schemaURL: 'https://openlineage.io/spec/2-0-2/OpenLineage.json#/$defs/RunEvent',
  run: {
    runId: newUuid(),
    facets: { parent: facet({ run: { runId }, job: { namespace: 'shop', name: 'nightly' } }) },
  },
  job: {
    namespace: 'shop',
    name: 'shop.main.stg_orders',
    facets: {
      jobType: facet({ integration: 'DBT', jobType: 'MODEL', processingType: 'BATCH' }),
      sql: facet({ query: 'select order_id, customer_id, amount, status from "shop"."main"."raw_orders"' }),
    },
  },
  inputs: [{ namespace: 'duckdb:///shop.duckdb', name: 'shop.main.raw_orders', facets: { schema: facet({ fields }) } }],
  outputs: [
    { namespace: 'duckdb:///shop.duckdb', name: 'shop.main.stg_orders', facets: { schema: facet({ fields }) } },
  ],
});

/** Lines of the table, on the database of the environment; `http` is what a bare server answers in a second. */
export async function lineageLines(customers: BenchCustomer[], seconds: number, http: number): Promise<Line[]> {
  const requests = customers.map(({ key }): LoadRequest => {
    const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' };
    return { method: 'POST', path: '/api/v1/lineage', headers, body: JSON.stringify(event(newUuid())) };
  });
  const plane = await startChild('lib/edge/v1/main.ts', { LINEAGE_EVENTS_PER_MINUTE: '1000000' });
  try {
    const found = await load(plane.url, requests, { connections, seconds });
    if (found.failed > 0) throw new Error(`${found.failed} of the calls that send lineage failed`);
    const { perSecond, p99Ms } = found;
    const ratio = `${(perSecond / http).toFixed(2)} of bare http; ${requests[0]?.body?.length} bytes an event`;
    return [
      { what: 'lineage, durable, one event a request', value: perSecond, unit: '/s', ratio },
      { what: 'lineage, p99', value: p99Ms, unit: 'ms' },
    ];
  } finally {
    await plane.stop();
  }
}
