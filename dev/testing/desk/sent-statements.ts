/** Watches what this process sends to BigQuery while a test runs. */
import { onTestFinished, vi } from 'vitest';
import { bigquery } from '@/lib/platform/bigquery/bigquery';

type Send = () => Promise<unknown>;

/** Gives each request's body and the way to send it to `handle` until the test has finished. */
function interceptRequests(handle: (body: string, send: Send) => Promise<unknown>): void {
  const { authClient } = bigquery();
  const spied = vi.spyOn(authClient, 'request');
  const request = Object.getPrototypeOf(authClient).request.bind(authClient) as typeof authClient.request;
  spied.mockImplementation(
    options =>
      handle(JSON.stringify(options.data) ?? '', async () => request(options)) as ReturnType<typeof authClient.request>,
  );
  onTestFinished(() => spied.mockRestore());
}

/** How often each view is made from now on, by its name. `around` may hold a request back. */
export function countCreates(around: (body: string, send: Send) => Promise<unknown> = (_, send) => send()) {
  const creates = new Map<string, number>();
  interceptRequests((body, send) => {
    const [, name] = /CREATE OR REPLACE VIEW `[^`]+\.([^`.]+)`/.exec(body) ?? [];
    if (name) creates.set(name, (creates.get(name) ?? 0) + 1);
    return around(body, send);
  });
  return creates;
}
