import type { INestApplicationContext } from '@nestjs/common';
import { AgentsService } from '@drover/agents';
import { BLOBS, type BlobStore } from '@drover/blobs';
import { CONFIG } from '@drover/config';
import { OpenStreams } from '@drover/http';
import {
  BulkActionsService,
  ClaimsService,
  ControlService,
  CronService,
  Dispatcher,
  QueryService,
  ReportsService,
  SubmitService,
  SweepService,
} from '@drover/jobs';
import { EventFollower, LineReader, LogFollower, LogReader } from '@drover/live';
import { NotificationsService } from '@drover/notifications';
import { TICKETS, type TicketQueue } from '@drover/queue';
import { ArtifactIntake } from '@drover/quotas';
import { Store } from '@drover/store';
import type { ApiConfig } from '../../apps/api/src/modules/connections.js';

/** The services of an API, by short names for tests. */
export type Services = ReturnType<typeof servicesOf>;

/** Takes the services out of the application. `onClose` adds what is to be done when the test closes it. */
export const servicesOf = (app: INestApplicationContext, onClose: (closer: () => void) => void) => ({
  config: app.get<ApiConfig>(CONFIG),
  store: app.get(Store),
  tickets: app.get<TicketQueue>(TICKETS),
  blobs: app.get<BlobStore>(BLOBS),
  artifactIntake: app.get(ArtifactIntake),
  dispatcher: app.get(Dispatcher),
  submits: app.get(SubmitService),
  claims: app.get(ClaimsService),
  reports: app.get(ReportsService),
  control: app.get(ControlService),
  sweep: app.get(SweepService),
  cron: app.get(CronService),
  bulk: app.get(BulkActionsService),
  query: app.get(QueryService),
  agents: app.get(AgentsService),
  notifications: app.get(NotificationsService),
  lineReader: app.get(LineReader),
  logReader: app.get(LogReader),
  logFollower: app.get(LogFollower),
  eventFollower: app.get(EventFollower),
  streams: app.get(OpenStreams),
  onClose,
});
