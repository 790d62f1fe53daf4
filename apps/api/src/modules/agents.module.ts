import { Global, Module } from '@nestjs/common';
import { requestCallers } from '@drover/access';
import { AgentsService } from '@drover/agents';
import { ClaimsService, SweepService } from '@drover/jobs';
import { Store } from '@drover/store';

/** Agents: who they are, that they live, and what they are to do. */
@Global()
@Module({
  providers: [
    {
      provide: AgentsService,
      inject: [Store, SweepService, ClaimsService],
      useFactory: (store: Store, sweep: SweepService, claims: ClaimsService) =>
        new AgentsService(store, sweep, (agent, executions) => claims.offers(agent, executions), requestCallers),
    },
  ],
  exports: [AgentsService],
})
export class AgentsModule {}
