import { AllowedTo } from '@nestbox/access';
import { Controller, Get, Param, Query } from '@nestjs/common';
import { Subjects } from '../commands/subjects.js';
import { schemaNotFound } from '../domain/registry.errors.js';
import { Answers, RegistryApi } from './registry-api.js';
import { isTrue, schemaBody, versionBody } from './requests.js';

@RegistryApi('schemas')
@Controller('schemas')
@AllowedTo('internal')
export class SchemasController {
  constructor(private readonly subjects: Subjects) {}

  @Get()
  @Answers()
  async list(@Query('subjectPrefix') prefix = '', @Query('deleted') deleted?: string, @Query('latestOnly') latestOnly?: string) {
    const all = await this.subjects.all(prefix, isTrue(deleted));
    const shown = isTrue(latestOnly) ? all.filter(({ subject }, n) => all[n + 1]?.subject !== subject) : all;
    return shown.map((one) => versionBody(one));
  }

  @Get('types')
  @Answers()
  types(): string[] {
    return ['JSON', 'PROTOBUF', 'AVRO'];
  }

  @Get('ids/:id')
  @Answers()
  async byId(@Param('id') id: string, @Query('format') format?: string) {
    return schemaBody(await this.subjects.schema(idIn(id)), format);
  }

  @Get('ids/:id/schema')
  @Answers()
  async text(@Param('id') id: string): Promise<string> {
    return (await this.subjects.schema(idIn(id))).text;
  }

  @Get('ids/:id/subjects')
  @Answers()
  async subjectsOf(@Param('id') id: string, @Query('deleted') deleted?: string): Promise<string[]> {
    const versions = await this.subjects.versionsOf(idIn(id), isTrue(deleted));
    return [...new Set(versions.map(({ subject }) => subject))];
  }

  @Get('ids/:id/versions')
  @Answers()
  async versionsOf(@Param('id') id: string, @Query('deleted') deleted?: string) {
    const versions = await this.subjects.versionsOf(idIn(id), isTrue(deleted));
    return versions.map(({ subject, version }) => ({ subject, version }));
  }
}

function idIn(text: string): number {
  const id = /^\d{1,10}$/.test(text) ? Number(text) : 0;
  if (id < 1 || id > 2 ** 31 - 1) throw schemaNotFound(`Schema ${text.slice(0, 20)} not found`);
  return id;
}
