import { EventConsumer, marksOf } from '@nestbox/consumer';
import type { KeyByKey, Lane, ProjectionRuntime } from '@nestbox/consumer';
import { UnitOfWork } from '@nestbox/database';
import { EventingError } from '@nestbox/messaging';
import { Inject, Injectable } from '@nestjs/common';
import type { Type } from '@nestjs/common';
import { PROPERTY_DEPS_METADATA, SELF_DECLARED_DEPS_METADATA } from '@nestjs/common/constants.js';
import { Bootstraps } from './bootstraps.js';
import { ProjectionRuns } from './projection-runs.js';

/** Plugs projections into the consumer. */
@Injectable()
export class ProjectionConsumer implements ProjectionRuntime {
  constructor(
    @Inject(EventConsumer) consumer: EventConsumer,
    @Inject(ProjectionRuns) private readonly runs: ProjectionRuns,
    @Inject(Bootstraps) private readonly bootstraps: Bootstraps,
  ) {
    consumer.runProjectionsWith(this);
  }

  refuseFaulty(handlers: Type): void {
    refuseEffects(handlers);
  }

  lane(keyByKey: KeyByKey): Lane {
    return this.runs.lane(keyByKey);
  }

  seedGroup(group: string, mayGoOn: () => boolean): Promise<void> {
    return this.bootstraps.settleGroup(group, mayGoOn);
  }
}

/**
 * A projection that can be rebuilt may inject only UnitOfWork: no bus, no outbox, no port, no other database access.
 * Throws HANDLER_INVALID, naming the surplus dependency.
 */
function refuseEffects(handlers: Type): void {
  const view = marksOf(handlers).find(({ tables }) => tables !== undefined);
  if (!view) return;
  const types = (Reflect.getMetadata('design:paramtypes', handlers) as unknown[] | undefined) ?? [];
  const declared = (Reflect.getMetadata(SELF_DECLARED_DEPS_METADATA, handlers) as { index: number; param: unknown }[] | undefined) ?? [];
  const tokens = types.map((type, index) => declared.find((dependency) => dependency.index === index)?.param ?? type);
  const properties = (Reflect.getMetadata(PROPERTY_DEPS_METADATA, handlers) as { type: unknown }[] | undefined) ?? [];
  const surplus = [...tokens, ...properties.map(({ type }) => type)].find((token) => token !== UnitOfWork);
  if (surplus === undefined) return;
  const name = typeof surplus === 'function' ? surplus.name : String(surplus);
  throw new EventingError(
    'HANDLER_INVALID',
    `${handlers.name} fills ${view.tables!.join(', ')} and injects ${name}: what can be rebuilt may inject UnitOfWork only.`,
  );
}
