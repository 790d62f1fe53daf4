import { migrateTicketStore } from '@drover/queue';
import { expectEventually } from '../support/expect-eventually.js';
import { createTestDatabase, dropTestDatabase, execute } from '../support/postgres.js';
import { internalContract } from './queue.contract.internal.js';

internalContract('Postgres', async () => {
  const url = await createTestDatabase({ empty: true });
  const options = { backend: 'postgres', url } as const;
  await migrateTicketStore(options);
  return {
    options,
    // Another session's transaction may stand in its way: deadlocks are possible, and tried again.
    wipe: () => expectEventually(() => execute(url, 'TRUNCATE bullmq.job, bullmq.meta, bullmq.scheduler, bullmq.event CASCADE')),
    stop: () => dropTestDatabase(url),
  };
});
