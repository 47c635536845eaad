import { AccessGuard } from '@nestbox/access';
import type { Type } from '@nestjs/common';
import type { CustomTransportStrategy } from '@nestjs/microservices';
import type { NestExpressApplication } from '@nestjs/platform-express';
import type { NextFunction, Request, Response } from 'express';
import { Config } from '../config/config.js';
import { correlate } from '../correlation/correlation.middleware.js';
import { refuseDeepJson } from './json-depth.js';
import { describeAt } from './openapi.js';

const BODY_LIMIT = '100kb';
const DEPTH_LIMIT = 32;

/**
 * Configures a created app, for `bootstrap` and for tests. The strategies (consumers) start after all modules are
 * initialised and before the first HTTP request is accepted.
 */
export async function configureApp(app: NestExpressApplication, ...strategies: Type<CustomTransportStrategy>[]): Promise<void> {
  app.disable('x-powered-by');
  app.use(correlate);
  // Nest passes `verify` to body-parser, but its type lacks it.
  app.useBodyParser('json', { limit: BODY_LIMIT, verify: refuseDeepJson(DEPTH_LIMIT) } as { limit: string });
  protectDocs(app);
  describeAt('docs', app, app.get(Config).app);
  for (const strategy of strategies) {
    app.connectMicroservice({ strategy: app.get(strategy) }, { inheritAppConfig: true });
  }
  await app.init();
  await app.startAllMicroservices();
}

/** The documentation is no route of Nest's, so no guard sees it. */
function protectDocs(app: NestExpressApplication): void {
  const guard = app.get(AccessGuard);
  app.use(/^\/docs(-json|-yaml)?(\/|$)/, (request: Request, response: Response, next: NextFunction) => {
    guard.admit(request, ['internal'], (name, value) => response.setHeader(name, value)).then(() => next(), next);
  });
}
