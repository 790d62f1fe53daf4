import { CreateRecord1790000000000 } from './1790000000000-create-record.js';
import { CreateAccess1790000110000 } from './1790000110000-create-access.js';
import { CreateDeliveries1790000210000 } from './1790000210000-create-deliveries.js';
import { OpenDeliveries1790000220000 } from './1790000220000-open-deliveries.js';
import { AddJobUsageAndTrail1790000300000 } from './1790000300000-add-job-usage-and-trail.js';
import { AddPlacement1790000310000 } from './1790000310000-add-placement.js';
import { CoverSamples1790000320000 } from './1790000320000-cover-samples.js';
import { CreateMetricSource1790000400000 } from './1790000400000-create-metric-source.js';
import { CreateAlarms1790000401000 } from './1790000401000-create-alarms.js';
import { CreateProfiles1790000402000 } from './1790000402000-create-profiles.js';
import { CreateScrapeTargets1790000403000 } from './1790000403000-create-scrape-targets.js';
import { AddAlarmToldLabels1790000404000 } from './1790000404000-add-alarm-told-labels.js';
import { ServeRelease1790000405000 } from './1790000405000-serve-release-0-1-0.js';
import { AddProjects1790000490000 } from './1790000490000-add-projects.js';
import { MakePartitionsByFunction1790000510000 } from './1790000510000-make-partitions-by-function.js';
import { AddTokenGeneration1790000540000 } from './1790000540000-add-token-generation.js';
import { AddBatchKeys1790000570000 } from './1790000570000-add-batch-keys.js';
import { AddEventPosition1790000571000 } from './1790000571000-add-event-position.js';
import { AddProjectQuotas1790000710000 } from './1790000710000-add-project-quotas.js';
import { KeepNamesByProject1790000750000 } from './1790000750000-keep-names-by-project.js';
import { AddClientEndJobs1790000751000 } from './1790000751000-add-client-end-jobs.js';
import { CheckWords1790000900000 } from './1790000900000-check-words.js';
import { FileJobs1790001000000 } from './1790001000000-file-jobs.js';
import { IndexFiledJobs1790001010000 } from './1790001010000-index-filed-jobs.js';
import { CountJobs1790001020000 } from './1790001020000-count-jobs.js';
import { AddRetention1790001030000 } from './1790001030000-add-retention.js';
import { IndexOldKeys1790001040000 } from './1790001040000-index-old-keys.js';
import { IndexAuditActions1790001050000 } from './1790001050000-index-audit-actions.js';
import { IndexLogLines1790001060000 } from './1790001060000-index-log-lines.js';
import { IndexJobNames1790001061000 } from './1790001061000-index-job-names.js';
import { CreateBulkActions1790001062000 } from './1790001062000-create-bulk-actions.js';
import { AddOverview1790001063000 } from './1790001063000-add-overview.js';
import { AddAlarmEnds1790001066000 } from './1790001066000-add-alarm-ends.js';
import { NameProfiles1790001067000 } from './1790001067000-name-profiles.js';
import { IndexFamilies1790001068000 } from './1790001068000-index-families.js';
import { KeepJobCounters1790001069000 } from './1790001069000-keep-job-counters.js';
import { HashAlarmTargets1790001070000 } from './1790001070000-hash-alarm-targets.js';
import { NameProjects1790001071000 } from './1790001071000-name-projects-of-0-1-0.js';
import { LeaveRelease1790001072000 } from './1790001072000-leave-release-0-1-0.js';
import { CreateNodeInvitations1790001080000 } from './1790001080000-create-node-invitations.js';

/**
 * The migrations of the product, in order; dialects bring their own. A new migration is one file and one line
 * here.
 */
export const MIGRATIONS = [
  CreateRecord1790000000000,
  CreateAccess1790000110000,
  CreateDeliveries1790000210000,
  OpenDeliveries1790000220000,
  AddJobUsageAndTrail1790000300000,
  AddPlacement1790000310000,
  CoverSamples1790000320000,
  CreateMetricSource1790000400000,
  CreateAlarms1790000401000,
  CreateProfiles1790000402000,
  CreateScrapeTargets1790000403000,
  AddAlarmToldLabels1790000404000,
  ServeRelease1790000405000,
  AddProjects1790000490000,
  MakePartitionsByFunction1790000510000,
  AddTokenGeneration1790000540000,
  AddBatchKeys1790000570000,
  AddEventPosition1790000571000,
  AddProjectQuotas1790000710000,
  KeepNamesByProject1790000750000,
  AddClientEndJobs1790000751000,
  CheckWords1790000900000,
  FileJobs1790001000000,
  IndexFiledJobs1790001010000,
  CountJobs1790001020000,
  AddRetention1790001030000,
  IndexOldKeys1790001040000,
  IndexAuditActions1790001050000,
  IndexLogLines1790001060000,
  IndexJobNames1790001061000,
  CreateBulkActions1790001062000,
  AddOverview1790001063000,
  AddAlarmEnds1790001066000,
  NameProfiles1790001067000,
  IndexFamilies1790001068000,
  KeepJobCounters1790001069000,
  HashAlarmTargets1790001070000,
  NameProjects1790001071000,
  LeaveRelease1790001072000,
  CreateNodeInvitations1790001080000,
];
