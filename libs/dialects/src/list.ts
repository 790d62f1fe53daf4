// The only list of dialects. To take one out, delete its folder and its line here.
export { fastlane } from '../fastlane/src/manifest.js';
export { flux } from '../flux/src/manifest.js';
export { hpc } from '../hpc/src/manifest.js';
export { metricProxy } from '../metric-proxy/src/manifest.js';
export { testflinger } from '../testflinger/src/manifest.js';
