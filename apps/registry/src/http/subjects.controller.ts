import { AllowedTo } from '@nestbox/access';
import { Body, Controller, Delete, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { Registration } from '../commands/registration.js';
import { Removal } from '../commands/removal.js';
import { Subjects } from '../commands/subjects.js';
import { Answers, RegistryApi } from './registry-api.js';
import { isTrue, schemaRequest, versionBody, versionIn } from './requests.js';

@RegistryApi('subjects')
@Controller('subjects')
@AllowedTo('internal')
export class SubjectsController {
  constructor(
    private readonly subjects: Subjects,
    private readonly registration: Registration,
    private readonly removal: Removal,
  ) {}

  @Get()
  @Answers()
  list(@Query('subjectPrefix') prefix = '', @Query('deleted') deleted?: string): Promise<string[]> {
    return this.subjects.names(prefix, isTrue(deleted));
  }

  @Get(':subject/versions')
  @Answers()
  async versions(@Param('subject') subject: string, @Query('deleted') deleted?: string): Promise<number[]> {
    return (await this.subjects.versions(subject, isTrue(deleted))).map(({ version }) => version);
  }

  @Get(':subject/versions/:version')
  @Answers()
  async version(
    @Param('subject') subject: string,
    @Param('version') version: string,
    @Query('deleted') deleted?: string,
    @Query('format') format?: string,
  ) {
    return versionBody(await this.subjects.version(subject, versionIn(version), isTrue(deleted)), format);
  }

  @Get(':subject/versions/:version/schema')
  @Answers()
  async text(@Param('subject') subject: string, @Param('version') version: string): Promise<string> {
    return (await this.subjects.version(subject, versionIn(version), false)).text;
  }

  @Get(':subject/versions/:version/referencedby')
  @Answers()
  referencedBy(@Param('subject') subject: string, @Param('version') version: string): Promise<number[]> {
    return this.subjects.referencedBy(subject, versionIn(version));
  }

  @Post(':subject/versions')
  @HttpCode(200)
  @AllowedTo('service', 'operator')
  @Answers()
  async register(@Param('subject') subject: string, @Body() body: unknown): Promise<{ id: number }> {
    const { schema, ...imported } = schemaRequest(body);
    return { id: await this.registration.register(subject, schema, imported) };
  }

  @Post(':subject')
  @HttpCode(200)
  @Answers()
  async lookUp(@Param('subject') subject: string, @Body() body: unknown, @Query('deleted') deleted?: string) {
    return versionBody(await this.registration.lookUp(subject, schemaRequest(body).schema, isTrue(deleted)));
  }

  @Delete(':subject')
  @AllowedTo('service', 'operator')
  @Answers()
  removeSubject(@Param('subject') subject: string, @Query('permanent') permanent?: string): Promise<number[]> {
    return this.removal.removeSubject(subject, isTrue(permanent));
  }

  @Delete(':subject/versions/:version')
  @AllowedTo('service', 'operator')
  @Answers()
  async removeVersion(
    @Param('subject') subject: string,
    @Param('version') version: string,
    @Query('permanent') permanent?: string,
  ): Promise<number> {
    return this.removal.removeVersion(subject, versionIn(version), isTrue(permanent));
  }
}
