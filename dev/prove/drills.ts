/**
 * `npm run prove -- drills [starts|outages|kills|billing] [--only part,…] [--rounds N]`: failures of the running demo, on a demo
 * of its own in `.local/drills`.
 */
import { parseArgs } from 'node:util';
import { type DemoProcess, startedDemo } from '@/dev/prove/demo-process';
import { billingDrill } from '@/dev/prove/drill-billing';
import { killDrill } from '@/dev/prove/drill-kills';
import { outageDrill } from '@/dev/prove/drill-outages';
import { startDrill } from '@/dev/prove/drill-starts';
import { allHeld } from '@/dev/prove/report';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { rounds: { type: 'string', default: '3' }, only: { type: 'string' } },
});
const [, which] = positionals;
const wanted = (name: string) => which === undefined || which === name;

let demo: DemoProcess | undefined;
try {
  if (wanted('starts')) await startDrill(values.only);
  // Anew: rows of an earlier version's start may differ from what this version would write.
  if (which !== 'starts') demo = await startedDemo(['--reset']);
  if (demo && wanted('outages')) demo = await outageDrill(demo, values.only);
  if (demo && wanted('billing')) demo = await billingDrill(demo, values.only);
  if (demo && wanted('kills')) demo = await killDrill(demo, Number(values.rounds));
} finally {
  await demo?.interrupt();
}
console.log(allHeld() ? 'Everything held.' : 'Something was broken.');
process.exit(allHeld() ? 0 : 1);
