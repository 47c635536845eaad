import { AllowedTo } from '@nestbox/access';
import { Body, Controller, HttpCode, Param, Post, Query } from '@nestjs/common';
import { Compatibility } from '../commands/compatibility.js';
import { Settings } from '../commands/settings.js';
import { Subjects } from '../commands/subjects.js';
import type { SubjectVersion } from '../domain/schema.js';
import { Answers, RegistryApi } from './registry-api.js';
import { isTrue, schemaRequest, versionIn } from './requests.js';
import type { SchemaRequest } from './requests.js';

@RegistryApi('compatibility')
@Controller('compatibility/subjects')
@AllowedTo('internal')
export class CompatibilityController {
  constructor(
    private readonly subjects: Subjects,
    private readonly settings: Settings,
    private readonly compatibility: Compatibility,
  ) {}

  @Post(':subject/versions/:version')
  @HttpCode(200)
  @Answers()
  async withVersion(
    @Param('subject') subject: string,
    @Param('version') version: string,
    @Body() body: unknown,
    @Query('verbose') verbose?: string,
    @Query('normalize') normalize?: string,
  ) {
    const found = await this.subjects.version(subject, versionIn(version), false);
    return this.answer(subject, schemaRequest(body, isTrue(normalize)), [found], isTrue(verbose));
  }

  @Post(':subject/versions')
  @HttpCode(200)
  @Answers()
  async withSubject(
    @Param('subject') subject: string,
    @Body() body: unknown,
    @Query('verbose') verbose?: string,
    @Query('normalize') normalize?: string,
  ) {
    const versions = await this.subjects.versions(subject, false).catch(() => []);
    return this.answer(subject, schemaRequest(body, isTrue(normalize)), versions, isTrue(verbose));
  }

  private async answer(subject: string, { schema }: SchemaRequest, versions: readonly SubjectVersion[], verbose: boolean) {
    const faults = await this.compatibility.faults(schema, versions, await this.settings.level(subject, true));
    return { is_compatible: faults.length === 0, ...(verbose && faults.length > 0 ? { messages: faults } : {}) };
  }
}
