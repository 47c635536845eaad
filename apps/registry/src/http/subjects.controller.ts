import { AllowedTo } from '@nestbox/access';
import { Body, Controller, Delete, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { Registration } from '../commands/registration.js';
import { Removal } from '../commands/removal.js';
import { Subjects } from '../commands/subjects.js';
import { Answers, RegistryApi } from './registry-api.js';
import { isTrue, paged, schemaRequest, versionBody, versionIn } from './requests.js';
import type { Page } from './requests.js';

interface ListQuery extends Page {
  readonly deleted?: string;
  readonly deletedOnly?: string;
}

interface LookUpQuery {
  readonly deleted?: string;
  readonly normalize?: string;
}

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
  async list(@Query('subjectPrefix') prefix = '', @Query() query: ListQuery = {}): Promise<string[]> {
    return paged(await this.subjects.names(prefix, isTrue(query.deleted), isTrue(query.deletedOnly)), query);
  }

  @Get(':subject/versions')
  @Answers()
  async versions(@Param('subject') subject: string, @Query() query: ListQuery): Promise<number[]> {
    const versions = await this.subjects.versions(subject, isTrue(query.deleted) || isTrue(query.deletedOnly));
    return paged(versions.filter(({ deleted }) => deleted || !isTrue(query.deletedOnly)).map(({ version }) => version), query);
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
  async register(@Param('subject') subject: string, @Body() body: unknown, @Query('normalize') normalize?: string): Promise<{ id: number }> {
    const { schema, ...imported } = schemaRequest(body, isTrue(normalize));
    return { id: await this.registration.register(subject, schema, { ...imported, normalize: isTrue(normalize) }) };
  }

  @Post(':subject')
  @HttpCode(200)
  @Answers()
  async lookUp(@Param('subject') subject: string, @Body() body: unknown, @Query() { deleted, normalize }: LookUpQuery) {
    const { schema } = schemaRequest(body, isTrue(normalize));
    return versionBody(await this.registration.lookUp(subject, schema, isTrue(deleted), isTrue(normalize)));
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
