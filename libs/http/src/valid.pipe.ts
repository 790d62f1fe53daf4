import { Injectable, type ArgumentMetadata, type PipeTransform } from '@nestjs/common';
import { validateBody, validateLong, validateQuery } from './validate.js';

/** Checks a body or query against the class of the parameter. Throws `invalid`. */
@Injectable()
export class Valid implements PipeTransform {
  transform(value: unknown, { metatype, type }: ArgumentMetadata): unknown {
    if (!metatype) return value;
    const target = metatype as abstract new () => object;
    return type === 'query'
      ? validateQuery(target, (value ?? {}) as Record<string, unknown>)
      : validateBody(target, value);
  }
}

/** The same for a body that may be absent. */
@Injectable()
export class ValidOrAbsent extends Valid {
  override transform(value: unknown, metadata: ArgumentMetadata): unknown {
    return super.transform(value === undefined ? {} : value, metadata);
  }
}

/** The same for a body with a list of up to thousands of objects. */
@Injectable()
export class ValidLong implements PipeTransform {
  async transform(value: unknown, { metatype }: ArgumentMetadata): Promise<unknown> {
    return metatype ? validateLong(metatype as abstract new () => object, value) : value;
  }
}
