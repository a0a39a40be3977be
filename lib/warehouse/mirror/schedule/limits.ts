/** The limits of this deployment, from its settings. */
import { env } from '@/lib/platform/env';
import type { MirrorLimits } from '@/lib/warehouse/mirror/schedule/flush-policy';

export function mirrorLimits(): MirrorLimits {
  const settings = env();
  return {
    mergesPerSecond: settings.MIRROR_MERGES_PER_SECOND,
    parallelMerges: settings.MIRROR_PARALLEL_MERGES,
    usdPerTenantMonth: settings.MIRROR_USD_PER_TENANT_MONTH,
    usdPerMonthAtLeast: settings.MIRROR_USD_PER_MONTH,
    usdPerTib: settings.BIGQUERY_USD_PER_TIB,
  };
}
