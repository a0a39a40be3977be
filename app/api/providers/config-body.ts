/** A provider config that was just made, and where it is found. */
import type { ConfigView } from '@/lib/domains/providers/view';

/** 201 with the config and its address. */
export const newConfigAnswer = (config: ConfigView) => ({
  status: 201,
  body: config,
  headers: { location: `/api/providers/${config.config_id}` },
});
