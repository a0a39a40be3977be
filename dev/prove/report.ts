/** What the proofs print, and whether all held. */
let failures = 0;

export const say = (line: string): void => console.log(`  ${line}`);

/** Prints whether a promise held. */
export function check(held: boolean, promise: string): void {
  if (!held) failures++;
  console.log(`  ${held ? 'holds' : 'BROKEN'}: ${promise}`);
}

/** Whether every promise held so far. */
export const allHeld = (): boolean => failures === 0;
