/**
 * `npm run prove -- drills [starts|outages|kills|billing|reports] [--only part,…] [--rounds N] [--scale N]`: failures of the running demo, on a demo
 * of its own in `.local/drills`; `reports` needs no demo, and `--scale` divides its runs.
 */
import { parseArgs } from 'node:util';
import { type DemoProcess, startedDemo } from '@/dev/prove/demo-process';
import { billingDrill } from '@/dev/prove/drill-billing';
import { killDrill } from '@/dev/prove/drill-kills';
import { outageDrill } from '@/dev/prove/drill-outages';
import { reportsDrill } from '@/dev/prove/drill-reports';
import { startDrill } from '@/dev/prove/drill-starts';
import { allHeld } from '@/dev/prove/report';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    rounds: { type: 'string', default: '3' },
    only: { type: 'string' },
    scale: { type: 'string', default: '1' },
  },
});
const [, which] = positionals;
const wanted = (name: string) => which === undefined || which === name;

let demo: DemoProcess | undefined;
try {
  if (wanted('starts')) await startDrill(values.only);
  if (wanted('reports')) await reportsDrill(Number(values.scale));
  // Anew: rows of an earlier version's start may differ from what this version would write.
  if (which !== 'starts' && which !== 'reports') demo = await startedDemo(['--reset']);
  if (demo && wanted('outages')) demo = await outageDrill(demo, values.only);
  if (demo && wanted('billing')) demo = await billingDrill(demo, values.only);
  if (demo && wanted('kills')) demo = await killDrill(demo, Number(values.rounds));
} finally {
  await demo?.interrupt();
}
console.log(allHeld() ? 'Everything held.' : 'Something was broken.');
process.exit(allHeld() ? 0 : 1);
