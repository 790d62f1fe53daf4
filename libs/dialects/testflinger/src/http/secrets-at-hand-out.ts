import { Injectable } from '@nestjs/common';
import { SecretsService } from '@drover/access';
import type { Job } from '@drover/domain';
import { isObject } from './schema/check.js';

/** Secrets are its owner's, as long as that is the client that submitted it. */
type Submitted = Pick<Job, 'owner' | 'created_at'>;

/** Gives the values of a job's secrets to whoever runs it, and to nobody else. */
@Injectable()
export class SecretsAtHandOut {
  constructor(private readonly secrets: SecretsService) {}

  /** The document with values in the place of paths; what cannot be read is empty. */
  async resolve(document: Record<string, unknown>, job: Submitted): Promise<Record<string, unknown>> {
    const data = document['test_data'];
    if (!isObject(data) || data['secrets'] === undefined) return document;
    return { ...document, test_data: { ...data, secrets: await this.values(document, job) } };
  }

  /** By name of the environment variable. */
  async values(document: Record<string, unknown>, { owner, created_at }: Submitted): Promise<Record<string, string>> {
    const data = document['test_data'];
    const secrets = isObject(data) && isObject(data['secrets']) ? data['secrets'] : {};
    const values: Record<string, string> = {};
    for (const [name, path] of Object.entries(secrets))
      values[name] = (typeof path === 'string' ? await this.secrets.use(owner, path, created_at) : null) ?? '';
    return values;
  }
}
