import { Module } from '@nestjs/common';

/** /api/v1 */
@Module({ controllers: [] })
export class NativeModule {}
