import { AllowedTo } from '@nestbox/access';
import { Controller, Get } from '@nestjs/common';
import { Answers, RegistryApi } from './registry-api.js';

@RegistryApi('registry')
@Controller()
@AllowedTo('public')
export class RootController {
  @Get()
  @Answers()
  root(): object {
    return {};
  }

  @Get('contexts')
  @Answers()
  contexts(): string[] {
    return ['.'];
  }

  @Get('v1/metadata/version')
  @Answers()
  version(): object {
    return { version: '8.0.0', commitId: 'nestbox' };
  }

  @Get('v1/metadata/id')
  @Answers()
  id(): object {
    return { scope: { path: [], clusters: { 'schema-registry-cluster': 'nestbox' } }, id: '' };
  }
}
