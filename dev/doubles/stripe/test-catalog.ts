/** What the double of the tests beside it sells: three monthly prices. */
import type { CatalogPrice } from '@/dev/doubles/stripe/given';

export const testPlans = ['STARTER', 'PROFESSIONAL', 'SCALE'] as const;
export type TestPlan = (typeof testPlans)[number];

function monthly(plan: TestPlan, name: string, dollars: number): CatalogPrice {
  const slug = plan.toLowerCase();
  return {
    product: { id: `prod_tenantry_${slug}`, name, metadata: { plan } },
    lookup_key: `tenantry_${slug}_monthly`,
    unit_amount: dollars * 100,
    currency: 'usd',
    interval: 'month',
  };
}

export const testCatalog: Record<TestPlan, CatalogPrice> = {
  STARTER: monthly('STARTER', 'Tenantry Starter', 49),
  PROFESSIONAL: monthly('PROFESSIONAL', 'Tenantry Professional', 199),
  SCALE: monthly('SCALE', 'Tenantry Scale', 499),
};
