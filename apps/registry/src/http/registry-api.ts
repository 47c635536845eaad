import { applyDecorators, Header, UseFilters } from '@nestjs/common';
import { ApiBasicAuth, ApiTags } from '@nestjs/swagger';
import { RegistryErrorFilter } from './registry-error.filter.js';

/** What every controller of Confluent's API has in common: their errors. */
export function RegistryApi(tag: string): ClassDecorator {
  return applyDecorators(ApiTags(tag), ApiBasicAuth(), UseFilters(RegistryErrorFilter));
}

/** Their type of JSON. */
export function Answers(): MethodDecorator {
  return Header('content-type', 'application/vnd.schemaregistry.v1+json');
}
