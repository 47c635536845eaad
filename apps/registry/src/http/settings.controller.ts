import { AllowedTo } from '@nestbox/access';
import { Body, Controller, Delete, Get, Param, Put, Query } from '@nestjs/common';
import { Settings } from '../commands/settings.js';
import { invalidRequest } from '../domain/registry.errors.js';
import { Answers, RegistryApi } from './registry-api.js';
import { isTrue } from './requests.js';

interface LevelRequest {
  readonly compatibility?: unknown;
}
/** What Confluent's registry keeps beside the level and this one does not is refused, and not silently dropped. Throws 422. */
function requireOnlyLevel(body: object = {}): void {
  const foreign = Object.entries(body).filter(([name, value]) => name !== 'compatibility' && value !== null && value !== false).map(([name]) => name);
  if (foreign.length > 0) throw invalidRequest(`This registry keeps no ${foreign.join(', ').slice(0, 100)} in its configuration: leave it out`);
}

interface ModeRequest {
  readonly mode?: unknown;
}

@RegistryApi('config and mode')
@Controller()
@AllowedTo('internal')
export class SettingsController {
  constructor(private readonly settings: Settings) {}

  @Get(['config', 'config/:subject'])
  @Answers()
  async level(@Param('subject') subject = '', @Query('defaultToGlobal') orGlobal?: string) {
    return { compatibilityLevel: await this.settings.level(subject, isTrue(orGlobal)) };
  }

  @Put(['config', 'config/:subject'])
  @AllowedTo('service', 'operator')
  @Answers()
  async setLevel(@Param('subject') subject = '', @Body() body?: LevelRequest) {
    requireOnlyLevel(body);
    return { compatibility: await this.settings.setLevel(subject, body?.compatibility) };
  }

  @Delete(['config', 'config/:subject'])
  @AllowedTo('service', 'operator')
  @Answers()
  async unsetLevel(@Param('subject') subject = '') {
    return { compatibilityLevel: await this.settings.unsetLevel(subject) };
  }

  @Get(['mode', 'mode/:subject'])
  @Answers()
  async mode(@Param('subject') subject = '', @Query('defaultToGlobal') orGlobal?: string) {
    return { mode: await this.settings.mode(subject, isTrue(orGlobal)) };
  }

  @Put(['mode', 'mode/:subject'])
  @AllowedTo('service', 'operator')
  @Answers()
  async setMode(@Param('subject') subject = '', @Body() body?: ModeRequest, @Query('force') force?: string) {
    return { mode: await this.settings.setMode(subject, body?.mode, isTrue(force)) };
  }

  @Delete(['mode', 'mode/:subject'])
  @AllowedTo('service', 'operator')
  @Answers()
  async unsetMode(@Param('subject') subject = '') {
    return { mode: await this.settings.unsetMode(subject) };
  }
}
