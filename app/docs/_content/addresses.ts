/** Where this installation answers, as samples name it. */
import type { Addresses } from '@/app/docs/_content/types';
import { dataPlaneUrl, env } from '@/lib/platform/env';

export const addresses = (): Addresses => ({
  dataPlane: dataPlaneUrl(),
  portal: env().PORTAL_URL.replace(/\/+$/, ''),
});
