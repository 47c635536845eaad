import { applyDecorators, Header, UseFilters } from '@nestjs/common';
import { ApiBasicAuth, ApiTags } from '@nestjs/swagger';
import { RegistryErrorFilter } from './registry-error.filter.js';

/** Common decorators of the controllers of Confluent's API: its error format. */
export function RegistryApi(tag: string): ClassDecorator {
  return applyDecorators(ApiTags(tag), ApiBasicAuth(), UseFilters(RegistryErrorFilter));
}

/** Answers with Confluent's JSON content type. */
export function Answers(): MethodDecorator {
  return Header('content-type', 'application/vnd.schemaregistry.v1+json');
}
