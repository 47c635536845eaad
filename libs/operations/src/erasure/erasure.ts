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
  /** False when there was no key, or no longer. */
  readonly keyDestroyed: boolean;
  /** Number of `@ErasesSubject` methods that ran. */
  readonly erasers: number;
}

/** Forgets a person in this context: destroys the key of the encrypted fields and erases the person from its tables. */
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

  /** Idempotent. The audit keeps who asked and why, but not the person's id. */
  async forget(subject: string, by: Authorship): Promise<Forgotten> {
    this.audit.refuseAnonymous(by);
    const keyDestroyed = await this.encryption.shred(subject);
    // A handler may still write what it decrypted with the cached key.
    if (this.encryption.isEnabled) await pause(2 * KEY_IS_FRESH_MS);
    // Old generations are dropped instead of searched. Those being built may hold fields decrypted before.
    for (const old of await this.generations.list('old')) await this.cleaner.drop(old, 'dropped', by);
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
