import { EventConsumer } from '@nestbox/eventing';
import { CrashPoints, NO_CRASHES } from '@nestbox/eventing/testing';
import { Config, configureApp, startTracing } from '@nestbox/platform';
import type { Type } from '@nestjs/common';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { Test } from '@nestjs/testing';

/** Ends this process, with no chance to tidy up, at the nth time that a moment comes. */
function dieAt(moment: keyof CrashPoints, nth: number): CrashPoints {
  let left = nth;
  const die = async () => {
    left -= 1;
    if (left > 0) return;
    process.kill(process.pid, 'SIGKILL');
    await new Promise(() => undefined);
  };
  return { ...NO_CRASHES, [moment]: die };
}

/** An app of the house as it is, but for its faults: `faulty-app.js <app> <moment> <nth>`. */
async function main([app, moment, nth]: string[]): Promise<void> {
  const exported: Record<string, Type> = await import(new URL(`../../apps/${app}/${app}.module.js`, import.meta.url).href);
  const faults = dieAt(moment as keyof CrashPoints, Number(nth));
  const testing = await Test.createTestingModule({ imports: Object.values(exported) })
    .overrideProvider(CrashPoints)
    .useValue(faults)
    .compile();
  const running = testing.createNestApplication<NestExpressApplication>({ bodyParser: false, logger: ['error', 'warn'] });
  running.enableShutdownHooks();
  await startTracing(running.get(Config));
  await configureApp(running, EventConsumer);
  const { host, port } = running.get(Config);
  await running.listen(port, host);
}

await main(process.argv.slice(2));
