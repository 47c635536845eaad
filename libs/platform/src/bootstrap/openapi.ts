import { DocumentBuilder, SwaggerModule } from '@nestjs/swagger';
import type { NestExpressApplication } from '@nestjs/platform-express';

/** Serves /docs and /docs-json. Built on the first visit, so that it does not slow down the start. */
export function describeAt(path: string, app: NestExpressApplication, name: string): void {
  const about = new DocumentBuilder().setTitle(`Nestbox ${name}`).setVersion('1').build();
  const operationIdFactory = (_controller: string, method: string) => method;
  SwaggerModule.setup(path, app, () => SwaggerModule.createDocument(app, about, { operationIdFactory }), {
    customSiteTitle: `Nestbox ${name}`,
  });
}
