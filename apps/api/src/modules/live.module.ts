import { Global, Module } from '@nestjs/common';
import { requestCallers } from '@drover/access';
import { BUS, type Bus } from '@drover/bus';
import { topics } from '@drover/jobs';
import { Doorbells, EventFollower, LineReader, LogFollower, LogReader } from '@drover/live';
import { Store } from '@drover/store';
import { LOGGER, type Logger } from '@drover/telemetry';

const JOB_BELLS = Symbol('doorbells of jobs');

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
    { provide: LineReader, inject: [Store], useFactory: (store: Store) => new LineReader(store) },
    { provide: LogReader, inject: [Store], useFactory: (store: Store) => new LogReader(store) },
    {
      provide: LogFollower,
      inject: [Store, BUS, JOB_BELLS, LOGGER],
      useFactory: (store: Store, bus: Bus, jobBells: Doorbells, log: Logger) =>
        new LogFollower(store, bellsOf(bus, topics.logs, log), jobBells),
    },
    {
      provide: EventFollower,
      inject: [Store, JOB_BELLS],
      useFactory: (store: Store, jobBells: Doorbells) => new EventFollower(store, jobBells, requestCallers),
    },
  ],
  exports: [LineReader, LogReader, LogFollower, EventFollower],
})
export class LiveModule {}
