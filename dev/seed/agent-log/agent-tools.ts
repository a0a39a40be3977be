/** The tools of the demo's agents: how long they take, how often and how they fail, what their queries bill. */
import type { Random } from '@/dev/seed/random';

export type DemoTool = {
  name: string;
  /** How often it is called beside the others. */
  weight: number;
  /** Milliseconds that it takes, from the fastest call to the slowest ones. */
  ms: readonly [fastest: number, slowest: number];
  failure: number;
  errors: readonly ((random: Random) => string)[];
  /** Megabytes that a query bills; null for tools that run none. */
  megabytes: readonly [least: number, most: number] | null;
  arguments: (random: Random) => object;
};

const tables = ['orders', 'order_lines', 'customers', 'invoices', 'shipments', 'ad_costs'] as const;
const files = ['src/checkout.ts', 'src/cart.ts', 'models/orders.sql', 'dbt_project.yml', 'README.md'] as const;

export const demoTools: readonly DemoTool[] = [
  {
    ...{ name: 'bq_list_tables', weight: 9, ms: [60, 380], failure: 0.005, megabytes: null },
    errors: [() => 'Not found: Dataset shop-prod:sales_archive'],
    arguments: () => ({ dataset: 'sales' }),
  },
  {
    ...{ name: 'bq_query', weight: 14, ms: [700, 9_500], failure: 0.07, megabytes: [10, 4_200] },
    errors: [
      random => `Unrecognized name: total_amount at [${random.between(2, 19)}:${random.between(8, 30)}]`,
      random => `Query would bill ${random.between(12, 90)} GB, the limit is 10 GB`,
      random => `Not found: Table shop-prod:sales.${random.pick(tables)}_2024`,
    ],
    arguments: random => ({ query: `SELECT day, SUM(amount) FROM sales.${random.pick(tables)} GROUP BY day` }),
  },
  {
    ...{ name: 'read_file', weight: 16, ms: [8, 90], failure: 0.012, megabytes: null },
    errors: [random => `No such file: ${random.pick(files)}.bak`],
    arguments: random => ({ path: random.pick(files) }),
  },
  {
    ...{ name: 'search_code', weight: 8, ms: [120, 900], failure: 0.01, megabytes: null },
    errors: [random => `The index answered after ${random.between(10_000, 15_000)} ms`],
    arguments: random => ({ text: random.pick(['applyDiscount', 'round(', 'currency', 'retry']) }),
  },
  {
    ...{ name: 'run_tests', weight: 4, ms: [14_000, 95_000], failure: 0.24, megabytes: null },
    errors: [
      random => `${random.between(1, 9)} of ${random.between(180, 420)} tests failed`,
      () => 'Timed out after 120 s',
    ],
    arguments: () => ({ command: 'npm test' }),
  },
];

/** Called a few times only, so that its figures say little. */
export const rareTool: DemoTool = {
  ...{ name: 'create_ticket', weight: 0, ms: [500, 2_400], failure: 0.2, megabytes: null },
  errors: [() => 'The tracker refused for now: too many requests (429)'],
  arguments: () => ({ title: 'Totals differ by one cent' }),
};
