/** Started by the proof of killed workers: starts runs with the shortest lease, says so, and then only waits to be killed. */
import { burst, statuses } from '@/dev/prove/burst';

const { url, key, workers } = JSON.parse(process.env.HOLD ?? '{}') as { url: string; key: string; workers: number };
const body = { pipeline_id: 'prove', trigger_type: 'api', trigger_by: 'prove', lease_seconds: 10 };
const answers = await burst(
  Array.from({ length: workers }, (_, index) => ({
    url: `${url}/v1/runs`,
    key,
    body: { ...body, worker_instance: `worker-${index}` },
  })),
);
process.stdout.write(`${statuses(answers)}\n`);
setInterval(() => {}, 60_000);
