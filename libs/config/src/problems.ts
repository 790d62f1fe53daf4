/** One thing wrong with one environment variable. */
export interface Problem {
  variable: string;
  /** The value as it was found; secrets are masked. */
  value: string;
  /** One sentence: the fault, and the value that would be right. */
  remedy: string;
}

/** Every problem of the environment in one message, so that a person repairs all of them in one go. */
export class ConfigError extends Error {
  constructor(readonly problems: Problem[]) {
    const lines = problems.map((p) => `  ${p.variable}=${p.value}: ${p.remedy}`);
    super(
      `The environment has ${problems.length === 1 ? 'a problem' : `${problems.length} problems`}:\n${lines.join('\n')}`,
    );
    this.name = 'ConfigError';
  }
}

/** A value as it may be shown: passwords in URLs and whole secrets are masked, long texts cut. */
export function showable(value: string, secret: boolean): string {
  if (secret) return '***';
  const masked = value.replace(/(\/\/[^:/@\s]*:)[^@/\s]*@/g, '$1***@');
  return masked.length > 120 ? `${masked.slice(0, 120)}...` : masked;
}
