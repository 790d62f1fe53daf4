import type { Config } from '@drover/config';

/** Injection token of this dialect's settings. */
export const SETTINGS = Symbol('fastlane settings');
export type FastlaneSettings = Config['dialects']['fastlane'];
