/** `npm run prove [-- load | drills … | events … | agent-log | traces | github | canaries | soak | mirror-scale | load-day]`: shows what the product promises, under load (the default), while its parts fail, or over time. */
const first = process.argv[2];
const what = first === undefined || first.startsWith('-') ? 'load' : first;
const proofs: Record<string, () => Promise<unknown>> = {
  load: () => import('@/dev/prove/load'),
  drills: () => import('@/dev/prove/drills'),
  events: () => import('@/dev/prove/events/main'),
  'agent-log': () => import('@/dev/prove/agent-log/main'),
  traces: () => import('@/dev/prove/traces/main'),
  github: () => import('@/dev/prove/github/main'),
  canaries: () => import('@/dev/prove/canaries/main'),
  soak: () => import('@/dev/prove/soak'),
  'mirror-scale': () => import('@/dev/prove/mirror-scale/main'),
  'load-day': () => import('@/dev/prove/load-day/main'),
};
const proof = proofs[what];

if (proof) await proof();
else {
  console.error(
    'Usage: npm run prove [-- load [--rounds N] [--planes N] | drills [starts|outages|kills|billing|reports] [--rounds N] | events [kills|outage|volume] | agent-log [--times N] [--within MINUTES] | traces [--lines N] [--kills N] | github [--pulls N] [--kills N] | canaries | soak [--minutes N] | mirror-scale [--only 20,200,2000,idle,real] | load-day]',
  );
  process.exitCode = 2;
}

export {};
