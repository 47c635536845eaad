import { AllowedTo } from '@nestbox/access';
import { Controller, Get, Param, Query } from '@nestjs/common';
import { Subjects } from '../commands/subjects.js';
import { schemaNotFound } from '../domain/registry.errors.js';
import { Answers, RegistryApi } from './registry-api.js';
import { isTrue, paged, schemaBody, versionBody } from './requests.js';
import type { Page } from './requests.js';

interface ByIdQuery {
  readonly format?: string;
  readonly fetchMaxId?: string;
  /** The subject that it must be of. */
  readonly subject?: string;
}

interface UsesQuery extends Page {
  readonly deleted?: string;
  readonly subject?: string;
}

@RegistryApi('schemas')
@Controller('schemas')
@AllowedTo('internal')
export class SchemasController {
  constructor(private readonly subjects: Subjects) {}

  @Get()
  @Answers()
  async list(@Query('subjectPrefix') prefix = '', @Query() query: Page & { deleted?: string; latestOnly?: string } = {}) {
    const { deleted, latestOnly } = query;
    const all = await this.subjects.all(prefix, isTrue(deleted));
    const shown = isTrue(latestOnly) ? all.filter(({ subject }, n) => all[n + 1]?.subject !== subject) : all;
    return paged(shown, query).map((one) => versionBody(one));
  }

  @Get('types')
  @Answers()
  types(): string[] {
    return ['JSON', 'PROTOBUF', 'AVRO'];
  }

  @Get('ids/:id')
  @Answers()
  async byId(@Param('id') id: string, @Query() { format, fetchMaxId, subject }: ByIdQuery) {
    const found = await this.subjects.schema(idIn(id), subject);
    return { ...schemaBody(found, format), ...(isTrue(fetchMaxId) ? { maxId: await this.subjects.maxId() } : {}) };
  }

  @Get('ids/:id/schema')
  @Answers()
  async text(@Param('id') id: string): Promise<string> {
    return (await this.subjects.schema(idIn(id))).text;
  }

  @Get('ids/:id/subjects')
  @Answers()
  async subjectsOf(@Param('id') id: string, @Query() query: UsesQuery): Promise<string[]> {
    const versions = await this.uses(id, query);
    return paged([...new Set(versions.map(({ subject }) => subject))], query);
  }

  @Get('ids/:id/versions')
  @Answers()
  async versionsOf(@Param('id') id: string, @Query() query: UsesQuery) {
    return paged(await this.uses(id, query), query).map(({ subject, version }) => ({ subject, version }));
  }

  private async uses(id: string, { deleted, subject: only }: UsesQuery) {
    const versions = await this.subjects.versionsOf(idIn(id), isTrue(deleted));
    return versions.filter(({ subject }) => only === undefined || subject === only);
  }
}

function idIn(text: string): number {
  const id = /^\d{1,10}$/.test(text) ? Number(text) : 0;
  if (id < 1 || id > 2 ** 31 - 1) throw schemaNotFound(`Schema ${text.slice(0, 20)} not found`);
  return id;
}
