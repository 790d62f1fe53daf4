import { Module } from '@nestjs/common';
import { AlarmsController } from './alarms/alarms.controller.js';
import { SilencesController } from './alarms/silences.controller.js';
import { ProfilesController } from './profiles/profiles.controller.js';

/** /api/v1/alarms, /api/v1/profiles. Silences come first: their path would be an alarm's id. */
@Module({ controllers: [SilencesController, AlarmsController, ProfilesController] })
export class NativeMetricsModule {}
