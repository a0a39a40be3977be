/** `cli agent-log …`: whether agent logs are whole, a session with its proof, the erasure of a user. */
import { readFile, writeFile } from 'node:fs/promises';
import { command, WrongUse } from '@/lib/cli/command';
import { eraseUsers } from '@/lib/domains/agent-log/erasure/carry-out';
import { eraseUser } from '@/lib/domains/agent-log/erasure/erase-user';
import { exportSession } from '@/lib/domains/agent-log/export/export-session';
import { verifyFile } from '@/lib/domains/agent-log/export/verify-file';
import { type Fault, faultKinds } from '@/lib/domains/agent-log/verify/faults';
import { type VerifiedLog, verifyLog } from '@/lib/domains/agent-log/verify/verify-log';
import { tenantDatasets } from '@/lib/domains/customers/datasets';
import { findCustomer } from '@/lib/domains/customers/find-customer';
import { type CustomerCtx, requireCustomer, systemCtx } from '@/lib/kernel/ctx';
import { AppError } from '@/lib/platform/errors';

const print = (line: string) => process.stdout.write(`${line}\n`);
const number = (value: number) => value.toLocaleString('en');

async function customerCtx(customerId: string): Promise<CustomerCtx> {
  const customer = await findCustomer(customerId);
  if (!customer) throw new AppError('not_found', `There is no customer ${customerId}.`);
  return requireCustomer(systemCtx('cli', customer));
}

function faultLine({ kind, sequence, to, eventId, detail }: Fault): string {
  const rows = sequence === null ? '' : to && to > sequence ? `rows ${sequence} to ${to}` : `row ${sequence}`;
  const place = [rows, eventId && `event ${eventId}`].filter(Boolean).join(', ');
  return `  ${place}: ${faultKinds[kind]}${detail ? ` (${detail})` : ''}`;
}

function printLog({ customerId, rows, events, head, arrived, checkpoints, faults, faultCount }: VerifiedLog): void {
  for (const fault of faults) print(faultLine(fault));
  if (faultCount > faults.length) print(`  and ${number(faultCount - faults.length)} more`);
  const waiting = head > arrived ? `, ${number(head - arrived)} on their way to BigQuery` : '';
  const what = `${number(rows)} rows of the chain, ${number(events)} events, ${number(checkpoints)} checkpoints${waiting}`;
  print(`${customerId}: ${what}: ${faultCount === 0 ? 'whole' : `${number(faultCount)} faults`}`);
}

async function verifyLogs(customerId: string | undefined): Promise<number> {
  const all = (await tenantDatasets()).filter(
    customer => customerId === undefined || customer.customerId === customerId,
  );
  if (customerId !== undefined && all.length === 0)
    throw new AppError('not_found', `There is no customer ${customerId}.`);
  let faulty = 0;
  for (const customer of all) {
    const place = { customerId: customer.customerId, tenantDatasetId: customer.dataset };
    const verified = await verifyLog(place);
    if (customerId === undefined && verified.head === 0 && verified.faultCount === 0) continue;
    printLog(verified);
    if (verified.faultCount > 0) faulty++;
  }
  print(faulty === 0 ? 'every agent log is whole' : `${number(faulty)} agent logs are not whole`);
  return faulty === 0 ? 0 : 1;
}

async function verifyProof(path: string): Promise<number> {
  const { sessionId, proved, erased, checkpoints, problems } = await verifyFile(await readFile(path, 'utf8'), {
    seals: true,
  });
  for (const problem of problems) print(`  ${problem}`);
  if (problems.length > 0) {
    print(`${path}: not sound`);
    return 1;
  }
  const sealed =
    checkpoints.length > 0 ? `sealed by the checkpoints of ${checkpoints.join(', ')}` : 'sealed by no checkpoint yet';
  print(
    `${path}: session ${sessionId}: ${number(proved)} events as they were recorded, ${number(erased)} erased, ${sealed}`,
  );
  return 0;
}

async function verify({ customer, file }: { customer: string | undefined; file: string | undefined }): Promise<number> {
  if (file !== undefined && customer !== undefined)
    throw new WrongUse('--file says itself whose it is; leave out --customer.');
  return file === undefined ? verifyLogs(customer) : verifyProof(file);
}

async function exportOne(values: { customer: string; session: string; out: string | undefined }): Promise<number> {
  const file = await exportSession(await customerCtx(values.customer), { session_id: values.session });
  const text = `${JSON.stringify(file, null, 2)}\n`;
  if (values.out === undefined) process.stdout.write(text);
  else {
    await writeFile(values.out, text);
    print(`${values.out}: ${number(file.events.length)} events, ${number(file.chain.length)} rows of the chain`);
  }
  return 0;
}

async function erase(values: { customer: string; user: string }): Promise<number> {
  const ctx = await customerCtx(values.customer);
  const { result } = await eraseUser(ctx, { user_id: values.user });
  const { done, waiting, failed } = await eraseUsers({ customerId: ctx.customerId });
  if (failed > 0) throw new Error(`the erasure ${result.erasure_id} did not succeed; the worker tries it every minute`);
  const state = done > 0 && waiting === 0 ? 'done' : 'begun; the worker carries it out once all rows have arrived';
  print(`${result.erasure_id}: ${state}; the log names the user ${result.user_ref}`);
  return 0;
}

const customer = { type: 'string', description: 'its id', valueHint: 'id', required: true } as const;

export const agentLogCommands = {
  verify: command({
    description: 'check that no row was changed, dropped, added or moved since it was recorded; exit 1 when one was',
    args: {
      customer: { type: 'string', description: 'only this customer', valueHint: 'id' },
      file: { type: 'string', description: 'an exported session instead, by itself', valueHint: 'file' },
    },
    run: verify,
  }),
  export: command({
    description: 'one session with its proof, as JSON',
    args: {
      customer,
      session: { type: 'string', description: 'its id', valueHint: 'id', required: true },
      out: { type: 'string', description: 'the file to write; standard output unless named', valueHint: 'file' },
    },
    run: exportOne,
  }),
  'erase-user': command({
    description: 'erase what a user said; what tools took and cost stays, and the erasure is on record',
    args: { customer, user: { type: 'string', description: 'as events name them', valueHint: 'id', required: true } },
    run: erase,
  }),
};
