/** The part of autocannon that the measurements use; it ships no types. */
declare module 'autocannon' {
  export type Request = { method: string; path: string; headers: Record<string, string>; body?: string };
  type Options = {
    url: string;
    connections: number;
    /** Seconds; or else `amount` requests. */
    duration?: number;
    amount?: number;
    /** Requests a second over all connections. */
    overallRate?: number;
    requests?: Request[];
    /** Called for each connection. */
    setupClient?: (client: { setRequests: (requests: Request[]) => void }) => void;
  };
  export type Result = {
    requests: { average: number };
    latency: { p50: number; p99: number };
    /** Seconds. */
    duration: number;
    '2xx': number;
    non2xx: number;
    errors: number;
  };
  export default function autocannon(options: Options): Promise<Result>;
}
