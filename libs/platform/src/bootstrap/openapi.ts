import { DocumentBuilder, SwaggerModule } from '@nestjs/swagger';
import type { NestExpressApplication } from '@nestjs/platform-express';

/** The page at /docs and its document at /docs-json. Built on the first visit, so that starting costs nothing. */
export function describeAt(path: string, app: NestExpressApplication, name: string): void {
  const about = new DocumentBuilder().setTitle(`Nestbox ${name}`).setVersion('1').build();
  const operationIdFactory = (_controller: string, method: string) => method;
  SwaggerModule.setup(path, app, () => SwaggerModule.createDocument(app, about, { operationIdFactory }), {
    customSiteTitle: `Nestbox ${name}`,
  });
}
