/** `npm run prove [-- load | drills …]`: shows what the product promises, under load (the default) or while its parts fail. */
const first = process.argv[2];
const what = first === undefined || first.startsWith('-') ? 'load' : first;
const proofs = { load: () => import('@/dev/prove/load'), drills: () => import('@/dev/prove/drills') };

if (what === 'load' || what === 'drills') await proofs[what]();
else {
  console.error(
    'Usage: npm run prove [-- load [--rounds N] [--planes N] | drills [starts|outages|kills|billing] [--rounds N]]',
  );
  process.exitCode = 2;
}

export {};
