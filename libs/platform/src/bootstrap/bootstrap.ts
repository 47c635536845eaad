import { Logger } from '@nestjs/common';
import type { LoggerService, Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { CustomTransportStrategy } from '@nestjs/microservices';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { Config } from '../config/config.js';
import { loggerFromEnv } from '../logging/logger-from-env.js';
import { SteadyOutput } from '../logging/steady-output.js';
import { startTracing } from '../tracing/tracing.js';
import { configureApp } from './configure-app.js';
import { stopOnSignals } from './shutdown.js';
import { describeStartUpFault } from './start-up-fault.js';

/** Runs an app until a signal ends it. A start-up that fails prints one line and exits with 1. */
export async function bootstrap(appModule: Type, ...strategies: Type<CustomTransportStrategy>[]): Promise<void> {
  const logger = loggerFromEnv(process.env);
  surviveFullDisk(logger);
  try {
    const app = await NestFactory.create<NestExpressApplication>(appModule, { logger, abortOnError: false, bodyParser: false });
    const config = app.get(Config);
    const { app: name, host, port } = config;
    const log = new Logger(name);
    const tracing = await startTracing(config);
    stopOnSignals(app, log, () => tracing.stop());
    await configureApp(app, ...strategies);
    await app.listen(port, host);
    log.log(`listening on http://${host}:${port}, documented at /docs`);
  } catch (error) {
    logger.debug(error);
    logger.fatal(describeStartUpFault(error));
    process.exit(1);
  }
}

function surviveFullDisk(logger: LoggerService): void {
  new SteadyOutput(process.stdout, (notice) => logger.warn(notice, 'Log'));
  // Errors alone go to standard error.
  new SteadyOutput(process.stderr, (notice) => logger.error(notice, undefined, 'Log'));
}
