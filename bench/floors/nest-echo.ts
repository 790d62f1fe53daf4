/* The floor of a submit over HTTP: a bare Nest application on Express that parses the same JSON and sends it back. Runs as a process of its own. */
import 'reflect-metadata';
import { Body, Controller, Get, Module, Post } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';

@Controller()
class EchoController {
  @Get('readyz')
  ready(): object {
    return {};
  }

  @Post('echo')
  echo(@Body() body: unknown): unknown {
    return body;
  }
}

@Module({ controllers: [EchoController] })
class EchoModule {}

const app = await NestFactory.create(EchoModule, { logger: false });
await app.listen(Number(process.env['DROVER_PORT']), '127.0.0.1');
