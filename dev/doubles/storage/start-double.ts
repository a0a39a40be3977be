/** Cloud Storage's JSON API as far as archives use it: resumable uploads that hold a precondition and a checksum, and reads, and the list of a bucket. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { CRC32C } from '@google-cloud/storage';

type Stored = { bytes: Buffer; crc32c: string };
type Upload = { key: string; once: boolean; crc32c: string | undefined };

export type StorageDouble = {
  url: string;
  /** By `bucket/name`; a test may damage or remove one. */
  objects: Map<string, Stored>;
  stop: () => Promise<void>;
};

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts);
}

const checksumOf = (bytes: Buffer): string => {
  const checksum = new CRC32C();
  checksum.update(bytes);
  return checksum.toString();
};

function answer(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

const refuse = (response: ServerResponse, status: number, message: string): void =>
  answer(response, status, { error: { code: status, message, errors: [{ message }] } });

const resourceOf = (key: string, { bytes, crc32c }: Stored) => ({
  kind: 'storage#object',
  bucket: key.slice(0, key.indexOf('/')),
  name: key.slice(key.indexOf('/') + 1),
  generation: '1',
  size: String(bytes.length),
  crc32c,
});

/** Starts it on a free port of this machine. */
export async function startStorageDouble(): Promise<StorageDouble> {
  const objects = new Map<string, Stored>();
  const uploads = new Map<string, Upload>();
  let url = '';

  async function begin(request: IncomingMessage, response: ServerResponse, { pathname, searchParams }: URL) {
    const { crc32c } = JSON.parse(String(await bodyOf(request))) as { crc32c?: string };
    const id = String(uploads.size + 1);
    const key = `${pathname.split('/')[5]}/${searchParams.get('name')}`;
    uploads.set(id, { key, once: searchParams.get('ifGenerationMatch') === '0', crc32c });
    response.writeHead(200, { location: `${url}${pathname}?uploadType=resumable&upload_id=${id}` }).end();
  }

  async function finish(request: IncomingMessage, response: ServerResponse, id: string) {
    const upload = uploads.get(id);
    const bytes = await bodyOf(request);
    if (!upload) return refuse(response, 404, 'There is no such upload.');
    if (upload.once && objects.has(upload.key)) return refuse(response, 412, 'conditionNotMet');
    const stored = { bytes, crc32c: checksumOf(bytes) };
    if (upload.crc32c !== undefined && upload.crc32c !== stored.crc32c)
      return refuse(response, 400, `Provided CRC32C "${upload.crc32c}" doesn't match calculated "${stored.crc32c}".`);
    objects.set(upload.key, stored);
    return answer(response, 200, resourceOf(upload.key, stored));
  }

  function list(response: ServerResponse, bucket: string, prefix: string) {
    const keys = [...objects.keys()].filter(key => key.startsWith(`${bucket}/${prefix}`)).sort();
    return answer(response, 200, {
      kind: 'storage#objects',
      items: keys.map(key => resourceOf(key, objects.get(key)!)),
    });
  }

  function read(response: ServerResponse, { pathname, searchParams }: URL) {
    const [, , , , bucket = '', , name] = pathname.split('/');
    if (name === undefined) return list(response, bucket, searchParams.get('prefix') ?? '');
    const key = `${bucket}/${decodeURIComponent(name)}`;
    const stored = objects.get(key);
    if (!stored) return refuse(response, 404, `No such object: ${key}`);
    if (searchParams.get('alt') !== 'media') return answer(response, 200, resourceOf(key, stored));
    const hash = { 'x-goog-hash': `crc32c=${stored.crc32c}`, 'x-goog-stored-content-encoding': 'identity' };
    return response.writeHead(200, { ...hash, 'content-length': stored.bytes.length }).end(stored.bytes);
  }

  const server = createServer(async (request, response) => {
    const asked = new URL(request.url ?? '', url);
    const id = asked.searchParams.get('upload_id');
    if (request.method === 'POST') await begin(request, response, asked);
    else if (request.method === 'PUT' && id !== null) await finish(request, response, id);
    else if (request.method === 'GET') read(response, asked);
    else refuse(response, 405, 'The double does not do this.');
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const stop = async () => {
    server.closeAllConnections();
    await new Promise(resolve => server.close(resolve));
  };
  return { url, objects, stop };
}
