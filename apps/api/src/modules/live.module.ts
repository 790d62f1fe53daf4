import { Global, Module } from '@nestjs/common';
import { requestCallers } from '@drover/access';
import { BUS, type Bus } from '@drover/bus';
import { topics } from '@drover/jobs';
import { Doorbells, EventFollower, LineReader, LogFollower, LogReader, LogSearch } from '@drover/live';
import { Store } from '@drover/store';
import { LOGGER, type Logger } from '@drover/telemetry';

const LOG_BELLS = Symbol('doorbells of logs');
/** The doorbells of jobs that changed. */
export const JOB_BELLS = Symbol('doorbells of jobs');

const bellsOf = (bus: Bus, topic: string, log: Logger): Doorbells =>
  new Doorbells(bus, topic, (error) => log.warn({ error: String(error), topic }, 'no doorbell; followers poll'));

/** Logs and events: what is stored, then what comes. */
@Global()
@Module({
  providers: [
    {
      provide: JOB_BELLS,
      inject: [BUS, LOGGER],
      useFactory: (bus: Bus, log: Logger) => bellsOf(bus, topics.jobs, log),
    },
    {
      provide: LOG_BELLS,
      inject: [BUS, LOGGER],
      useFactory: (bus: Bus, log: Logger) => bellsOf(bus, topics.logs, log),
    },
    { provide: LineReader, inject: [Store], useFactory: (store: Store) => new LineReader(store) },
    { provide: LogReader, inject: [Store], useFactory: (store: Store) => new LogReader(store) },
    {
      provide: LogFollower,
      inject: [Store, LOG_BELLS, JOB_BELLS],
      useFactory: (store: Store, logBells: Doorbells, jobBells: Doorbells) =>
        new LogFollower(store, logBells, jobBells),
    },
    {
      provide: LogSearch,
      inject: [Store, LineReader, LOG_BELLS],
      useFactory: (store: Store, reader: LineReader, logBells: Doorbells) => new LogSearch(store, reader, logBells),
    },
    {
      provide: EventFollower,
      inject: [Store, JOB_BELLS],
      useFactory: (store: Store, jobBells: Doorbells) => new EventFollower(store, jobBells, requestCallers),
    },
  ],
  exports: [JOB_BELLS, LineReader, LogReader, LogFollower, LogSearch, EventFollower],
})
export class LiveModule {}
