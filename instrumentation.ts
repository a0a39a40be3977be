/** Starts with the portal's process: a wrong environment ends it, because a server that only answers 500 helps nobody. */
export async function register(): Promise<void> {
  if (process.env.NEXT_RUNTIME !== 'nodejs') return;
  const { startPortal } = await import('@/lib/edge/portal/start-portal');
  startPortal();
}
