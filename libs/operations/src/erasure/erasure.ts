import { setTimeout as pause } from 'node:timers/promises';
import { Audit } from '@nestbox/consumer';
import type { Authorship } from '@nestbox/consumer';
import { UnitOfWork } from '@nestbox/database';
import { KEY_IS_FRESH_MS, FieldEncryption } from '@nestbox/messaging';
import { GenerationCleaner, Generations, stageOf } from '@nestbox/projections';
import { Inject, Injectable } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';
import { erasersOf } from './erases-subject.js';

export interface Forgotten {
  /** False when the key was gone already, or none had ever been needed. */
  readonly keyDestroyed: boolean;
  /** How many places of this context's own tables were gone through. */
  readonly erasers: number;
}

/** Forgets a person in this context: what is sealed cannot be read again, and what is in its tables is taken out. */
@Injectable()
export class Erasure {
  constructor(
    @Inject(FieldEncryption) private readonly encryption: FieldEncryption,
    @Inject(DiscoveryService) private readonly discovery: DiscoveryService,
    @Inject(UnitOfWork) private readonly unitOfWork: UnitOfWork,
    @Inject(Audit) private readonly audit: Audit,
    @Inject(Generations) private readonly generations: Generations,
    @Inject(GenerationCleaner) private readonly cleaner: GenerationCleaner,
  ) {}

  /** Twice does no harm. The audit keeps who asked for it and why, and not whom it was about. */
  async forget(subject: string, by: Authorship): Promise<Forgotten> {
    this.audit.refuseAnonymous(by);
    const keyDestroyed = await this.encryption.shred(subject);
    // What was revealed before may be on its way into a table.
    if (this.encryption.isEnabled) await pause(2 * KEY_IS_FRESH_MS);
    // What was kept from before is not gone through, and what is being built may have been read before the key went.
    for (const kept of await this.generations.list('old')) await this.cleaner.drop(kept, 'dropped', by);
    const building = await this.generations.list('building');
    const erasers = this.discovery.getProviders().flatMap(({ instance }) => (isObject(instance) ? erasersOf(instance) : []));
    for (const generation of building) {
      await this.unitOfWork.run(async () => {
        await this.unitOfWork.query(`SELECT set_config('search_path', $1, true)`, [`${stageOf(generation)}, public`]);
        for (const erase of erasers) await erase(subject);
      });
    }
    await this.unitOfWork.run(async () => {
      for (const erase of erasers) await erase(subject);
      await this.audit.write('forget', by, [], { keyDestroyed, erasers: erasers.length });
    });
    return { keyDestroyed, erasers: erasers.length };
  }
}

function isObject(instance: unknown): instance is object {
  return typeof instance === 'object' && instance !== null;
}
