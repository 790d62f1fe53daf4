import { Module } from '@nestjs/common';
import { AlarmsController } from './alarms/alarms.controller.js';
import { BacktestController } from './alarms/backtest.controller.js';
import { SilencesController } from './alarms/silences.controller.js';
import { DiscoveryController } from './discovery/discovery.controller.js';
import { ProfilesController } from './profiles/profiles.controller.js';
import { ScrapeTargetsController } from './scrape-targets/scrape-targets.controller.js';

/**
 * /api/v1/alarms, /api/v1/profiles, /api/v1/scrape-targets, /api/v1/sd. Silences come first: their path would be an
 * alarm's id.
 */
@Module({
  controllers: [
    SilencesController,
    BacktestController,
    AlarmsController,
    ProfilesController,
    ScrapeTargetsController,
    DiscoveryController,
  ],
})
export class NativeMetricsModule {}
