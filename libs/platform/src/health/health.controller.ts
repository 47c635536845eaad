import { AllowedTo } from '@nestbox/access';
import { Controller, Get, Inject, ServiceUnavailableException } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiServiceUnavailableResponse, ApiTags } from '@nestjs/swagger';
import { Config } from '../config/config.js';
import { Readiness } from './readiness.js';

@ApiTags('health')
@Controller('health')
@AllowedTo('public')
export class HealthController {
  constructor(
    @Inject(Config) private readonly config: Config,
    @Inject(Readiness) private readonly readiness: Readiness,
  ) {}

  @Get('live')
  @ApiOperation({ summary: 'Does the process answer?' })
  @ApiOkResponse({ example: { app: 'checkout', pid: 4711 } })
  live(): { app: string; pid: number } {
    return { app: this.config.app, pid: process.pid };
  }

  @Get('ready')
  @ApiOperation({ summary: 'May work be sent here: database, migrations, broker, consumer' })
  @ApiOkResponse({ example: { status: 'ready' } })
  @ApiServiceUnavailableResponse({ description: 'Not now; `reasons` say why.' })
  async ready(): Promise<{ status: 'ready' }> {
    const reasons = await this.readiness.reasonsAgainst();
    if (reasons.length === 0) return { status: 'ready' };
    throw new ServiceUnavailableException({ code: 'NOT_READY', message: reasons.join('; '), reasons });
  }
}
