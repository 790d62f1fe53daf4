import { section } from './section.js';
import { flag, text, url } from './variable.js';

/** Where large objects live: artifacts, attachments. */
export const blobs = section(
  'Large objects',
  {
    bucket: text('DROVER_S3_BUCKET', {
      about: 'Keep large objects in this bucket of an S3-compatible store instead of the data folder.',
      default: null,
      fallback: 'not set (a folder in DROVER_DATA_DIR)',
      accepts: 'a bucket name',
      matches: /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/,
      remedy: 'must be a bucket name: 3 to 63 lower-case letters, digits, dots and dashes.',
    }),
    endpoint: url('DROVER_S3_ENDPOINT', ['http', 'https'], {
      about: 'URL of the S3-compatible store.',
      default: null,
      fallback: 'Amazon S3 of the region',
    }),
    region: text('DROVER_S3_REGION', { about: 'Region of the bucket.', default: 'us-east-1' }),
    accessKeyId: text('DROVER_S3_ACCESS_KEY_ID', {
      about: 'Access key of the store.',
      default: null,
      fallback: 'the usual places of the AWS SDK',
    }),
    secretAccessKey: text('DROVER_S3_SECRET_ACCESS_KEY', {
      about: 'Secret key of the store.',
      default: null,
      secret: true,
      fallback: 'the usual places of the AWS SDK',
    }),
    prefix: text('DROVER_S3_PREFIX', {
      about: 'Put before every key, so that several brokers share a bucket.',
      default: '',
      fallback: 'none',
      accepts: 'letters, digits, dashes, slashes',
      matches: /^[A-Za-z0-9/_-]{1,200}$/,
      remedy: 'must have letters, digits, dashes, underscores and slashes only.',
    }),
    pathStyle: flag('DROVER_S3_PATH_STYLE', {
      about: "Name the bucket in the path of URLs, not in the host name, as most stores of one's own want it.",
      default: true,
    }),
  },
  (values, _env, problems) => {
    if ((values.accessKeyId === null) !== (values.secretAccessKey === null)) {
      problems.push({
        variable: 'DROVER_S3_ACCESS_KEY_ID',
        value: values.accessKeyId ?? '',
        remedy: 'and DROVER_S3_SECRET_ACCESS_KEY belong together: set both, or neither.',
      });
    }
  },
);
