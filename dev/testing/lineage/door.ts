/** The calls that take events of OpenLineage over one of the servers, with a customer that sends and keys that may not. */
import { caller, type Received, type Sent, type Transport } from '@/dev/testing/data-plane';
import { createDoorScene, type DoorScene } from '@/dev/testing/ingest/door-scene';

export const one = '/api/v1/lineage';
export const batch = '/api/v1/lineage/batch';

export type LineageDoor = {
  scene: DoorScene;
  call: ReturnType<typeof caller>;
  /** Posts a body as JSON with the scene's key; to `one`, unless another path is named. */
  send: (body: BodyInit, more?: Sent, path?: string) => Promise<Received>;
  close: () => Promise<void>;
};

export async function openDoor(transport: Transport): Promise<LineageDoor> {
  const { send, close } = await transport.open();
  const scene = await createDoorScene('runs:read');
  const call = caller(send);
  return {
    scene,
    call,
    close,
    send: (body, more = {}, path = one) =>
      call(path, {
        method: 'POST',
        key: scene.key.text,
        body,
        ...more,
        headers: { 'content-type': 'application/json', ...more.headers },
      }),
  };
}
