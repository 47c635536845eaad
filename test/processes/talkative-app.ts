import { ACCESS_OPTIONS, AccessGuard } from '@nestbox/access';
import { bootstrap, Config } from '@nestbox/platform';
import { Controller, Get, Logger, Module } from '@nestjs/common';

@Controller('words')
class WordsController {
  private readonly logger = new Logger('Words');

  @Get()
  say() {
    this.logger.log('a line on standard output');
    this.logger.error('a line on standard error');
    return { pid: process.pid };
  }
}

const config = new Config({ app: 'talkative', port: Number(process.env.PORT), host: '127.0.0.1' } as Config);

/** An app that writes log lines when it is asked to. */
@Module({ controllers: [WordsController], providers: [{ provide: Config, useValue: config }, { provide: ACCESS_OPTIONS, useValue: {} }, AccessGuard] })
class TalkativeModule {}

await bootstrap(TalkativeModule);
