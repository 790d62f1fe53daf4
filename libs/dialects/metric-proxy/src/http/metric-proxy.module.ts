import { Module } from '@nestjs/common';
import { settingsOf, type Config, CONFIG } from '@drover/config';
import { metricProxySettings } from '../config.js';
import { MetricProxyPagesController } from '../pages/pages.controller.js';
import { MetricProxyAlarmsController } from './alarms.controller.js';
import { MetricProxyJobsController } from './jobs.controller.js';
import { MetricProxyJoinsController } from './joins.controller.js';
import { SETTINGS, type MetricProxySettings } from './metric-proxy-settings.js';
import { MetricProxyProfilesController } from './profiles.controller.js';
import { MetricProxyPushController } from './push.controller.js';
import { MetricProxyTreeController } from './tree.controller.js';
import { UnknownJobAnswer } from './unknown-job.js';

const settings = (config: Config): MetricProxySettings => {
  const { dialect, profilesListed } = settingsOf(config, metricProxySettings);
  const host = config.counters.node;
  return {
    flavour: dialect,
    host,
    self: `${host}:${config.port}`,
    systemPeriodS: config.scrape.periodS,
    profilesListed,
  };
};

@Module({
  controllers: [
    MetricProxyAlarmsController,
    MetricProxyJobsController,
    MetricProxyJoinsController,
    MetricProxyPagesController,
    MetricProxyProfilesController,
    MetricProxyPushController,
    MetricProxyTreeController,
  ],
  providers: [UnknownJobAnswer, { provide: SETTINGS, useFactory: settings, inject: [CONFIG] }],
})
export class MetricProxyModule {}
