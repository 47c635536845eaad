import { Catch, Module, NotFoundException } from '@nestjs/common';
import type { ArgumentsHost } from '@nestjs/common';
import { APP_FILTER } from '@nestjs/core';
import { pathNotFound } from '../domain/registry.errors.js';
import { RegistryErrorFilter } from './registry-error.filter.js';

/** Paths that nobody answers: also these in Confluent's format. */
@Catch(NotFoundException)
class NotFoundFilter extends RegistryErrorFilter {
  override catch(_exception: unknown, host: ArgumentsHost): void {
    super.catch(pathNotFound(), host);
  }
}

/** A module of its own: of two global filters that fit, the one of the module imported later is asked. */
@Module({ providers: [{ provide: APP_FILTER, useClass: NotFoundFilter }] })
export class NotFoundModule {}
