/**
 * Stands before the local BigQuery's Storage Write as the refusing proxy stands before its REST API, and is told by the same: refuses
 * rows, columns and streams that the service would refuse, fails calls and loses answers.
 */
import { protos } from '@google-cloud/bigquery-storage';
import * as grpc from '@grpc/grpc-js';
import type { Fault, RefusingProxy } from '@/dev/doubles/warehouse/refusing-proxy';
import { refusedAppend } from '@/dev/doubles/warehouse/stream-check';

const { AppendRowsRequest, AppendRowsResponse, BatchCommitWriteStreamsRequest, GetWriteStreamRequest, WriteStream } =
  protos.google.cloud.bigquery.storage.v1;

const service = '/google.cloud.bigquery.storage.v1.BigQueryWrite';
const asIs = (bytes: Buffer) => bytes;
type Unary = grpc.handleUnaryCall<Buffer, Buffer>;
type Appends = grpc.ServerDuplexStream<Buffer, Buffer>;

const away = { code: grpc.status.UNAVAILABLE, details: 'The service is away' };
const unknown = { code: grpc.status.NOT_FOUND, details: 'Requested entity was not found' };
const spent = { code: grpc.status.RESOURCE_EXHAUSTED, details: 'Quota exceeded: CreateWriteStream requests' };

export class RefusingStreams {
  /** Commits that do not reach BigQuery, one each. */
  commitsLost = 0;
  readonly #forgotten = new Set<string>();
  readonly #faults = new Map<string, Fault>();
  readonly #server = new grpc.Server({ 'grpc.max_receive_message_length': -1 });
  readonly #client: grpc.Client;

  /** `target` is the local BigQuery's address for streams; `told` says what is refused. */
  constructor(
    target: string,
    private readonly told: RefusingProxy,
  ) {
    this.#client = new grpc.Client(new URL(target).host, grpc.credentials.createInsecure(), {
      'grpc.max_send_message_length': -1,
    });
    for (const method of ['GetWriteStream', 'FinalizeWriteStream'])
      this.#unary(method, (call, answer) =>
        this.#forgotten.has(GetWriteStreamRequest.decode(call.request).name)
          ? answer(unknown)
          : this.#pass(method, call.request, answer),
      );
    this.#unary('CreateWriteStream', this.#create);
    this.#unary('BatchCommitWriteStreams', this.#commit);
    this.#server.register(`${service}/AppendRows`, (call: Appends) => this.#append(call), asIs, asIs, 'bidi');
  }

  /** Starts to listen on loopback; answers the address that a client takes for BigQuery's. */
  async listen(): Promise<string> {
    const credentials = grpc.ServerCredentials.createInsecure();
    const port = await new Promise<number>((resolve, reject) => {
      this.#server.bindAsync('127.0.0.1:0', credentials, (error, bound) => (error ? reject(error) : resolve(bound)));
    });
    return `http://127.0.0.1:${port}`;
  }

  /** No stream that was made until now is known any more. */
  forget(): void {
    for (const name of this.told.loads) this.#forgotten.add(name);
  }

  close(): void {
    this.#server.forceShutdown();
    this.#client.close();
  }

  #unary(method: string, handle: Unary): void {
    const unlessDown: Unary = (call, answer) => (this.told.down ? answer(away) : handle(call, answer));
    this.#server.register(`${service}/${method}`, unlessDown, asIs, asIs, 'unary');
  }

  #pass(method: string, request: Buffer, answer: grpc.sendUnaryData<Buffer>): void {
    this.#client.makeUnaryRequest(`${service}/${method}`, asIs, asIs, request, answer);
  }

  readonly #create: Unary = (call, answer) => {
    if (this.told.jobsLeft-- <= 0) return answer(spent);
    this.#pass('CreateWriteStream', call.request, (error, made) => {
      if (error || !made) return answer(error);
      const { name } = WriteStream.decode(made);
      const fault = this.told.faults.shift();
      if (fault) this.#faults.set(name, fault);
      this.told.loads.push(name);
      answer(null, made);
    });
  };

  readonly #commit: Unary = (call, answer) => {
    if (this.commitsLost > 0) {
      this.commitsLost--;
      return answer(away);
    }
    const [name = ''] = BatchCommitWriteStreamsRequest.decode(call.request).writeStreams;
    const isLost = this.#faults.get(name) === 'lost';
    this.#pass('BatchCommitWriteStreams', call.request, (error, done) => (isLost ? answer(away) : answer(error, done)));
  };

  #append(call: Appends): void {
    const path = `${service}/AppendRows`;
    const forward = this.#client.makeBidiStreamRequest<Buffer, Buffer>(path, asIs, asIs);
    const fail = (error: Partial<grpc.StatusObject>) => {
      forward.cancel();
      call.emit('error', error);
    };
    forward.on('data', (answer: Buffer) => call.write(answer));
    forward.on('error', (error: grpc.ServiceError) => call.emit('error', { code: error.code, details: error.details }));
    call.on('end', () => forward.end());
    call.on('cancelled', () => forward.cancel());
    call.on('data', async (bytes: Buffer) => {
      const request = AppendRowsRequest.decode(bytes);
      const fault = this.#faults.get(request.writeStream);
      if (this.told.down || fault === '503') return fail(away);
      if (fault === 'never arrives') return fail({ code: grpc.status.CANCELLED, details: 'Connection closed' });
      const refusal = await this.#refusal(request, fault);
      if (refusal) call.write(Buffer.from(AppendRowsResponse.encode(refusal).finish()));
      else forward.write(bytes);
    });
  }

  async #refusal(request: InstanceType<typeof AppendRowsRequest>, fault: Fault | undefined) {
    if (fault === 'backendError') return { error: { code: grpc.status.INTERNAL, message: 'Internal error' } };
    const [, projectId = '', , datasetId = '', , tableId = ''] = request.writeStream.split('/');
    const visible = await this.told.visibleColumns({ projectId, datasetId, tableId });
    if (!visible) return { error: { code: grpc.status.NOT_FOUND, message: `Requested entity was not found` } };
    return refusedAppend(request, visible, this.told.poison);
  }
}
