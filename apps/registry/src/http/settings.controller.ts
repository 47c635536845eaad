import { AllowedTo } from '@nestbox/access';
import { Body, Controller, Delete, Get, Param, Put, Query } from '@nestjs/common';
import { Settings } from '../commands/settings.js';
import { Answers, RegistryApi } from './registry-api.js';
import { isTrue } from './requests.js';

interface LevelRequest {
  readonly compatibility?: unknown;
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
  async setMode(@Param('subject') subject = '', @Body() body?: ModeRequest) {
    return { mode: await this.settings.setMode(subject, body?.mode) };
  }

  @Delete(['mode', 'mode/:subject'])
  @AllowedTo('service', 'operator')
  @Answers()
  async unsetMode(@Param('subject') subject = '') {
    return { mode: await this.settings.unsetMode(subject) };
  }
}
