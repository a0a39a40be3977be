/** What Segment's browser and mobile SDKs ask their CDN for before they send: here that is us, and we have no destinations. */
import type { EdgeRequest } from '@/lib/edge/http/message';
import { env } from '@/lib/platform/env';

const hostName = /^(?:[a-z0-9.-]{1,253}|\[[0-9a-f:.]{2,45}\])(?::\d{1,5})?$/i;

/** Where this request reached us, as its sender wrote it. */
function ownAddress({ headers }: EdgeRequest): { host: string; protocol: 'http' | 'https' } {
  const portal = new URL(env().PORTAL_URL);
  const named = headers.get('host');
  const forwarded = headers.get('x-forwarded-proto')?.split(',')[0]?.trim();
  const protocol = forwarded === 'http' || forwarded === 'https' ? `${forwarded}:` : portal.protocol;
  return {
    host: named !== null && hostName.test(named) ? named : portal.host,
    protocol: protocol === 'http:' ? 'http' : 'https',
  };
}

/** Where to send, and to tell nobody else of the SDK's own work: without a rate of 0 it reports to Segment. */
export function sdkSettings(writeKey: string, request: EdgeRequest) {
  const { host, protocol } = ownAddress(request);
  const apiHost = `${host}/v1`;
  return {
    integrations: {
      'Segment.io': { apiKey: writeKey, apiHost, protocol, unbundledIntegrations: [], addBundledMetadata: true },
    },
    metrics: { host: apiHost, protocol, sampleRate: 0 },
    plan: {},
    middlewareSettings: {},
    enabledMiddleware: {},
    remotePlugins: [],
    legacyVideoPluginsEnabled: false,
  };
}
