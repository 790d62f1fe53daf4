import type { Values } from '@drover/config';
import type { fastlaneSettings } from '../config.js';

/** Injection token of this dialect's settings. */
export const SETTINGS = Symbol('fastlane settings');
export type FastlaneSettings = Values<(typeof fastlaneSettings)['variables']>;
