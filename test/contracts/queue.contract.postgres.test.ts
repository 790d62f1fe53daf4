import { migrateTicketStore } from '@drover/queue';
import { createTestDatabase, dropTestDatabase, execute } from '../support/postgres.js';
import { ticketContract } from './queue.contract.js';

ticketContract('Postgres', async () => {
  const url = await createTestDatabase({ empty: true });
  const options = { backend: 'postgres', url } as const;
  await migrateTicketStore(options);
  return {
    options,
    wipe: () => execute(url, 'TRUNCATE bullmq.job, bullmq.meta, bullmq.scheduler, bullmq.event CASCADE'),
    stop: () => dropTestDatabase(url),
  };
});
