import { Command, CommandHandler } from '@nestjs/cqrs';
import type { ICommandHandler } from '@nestjs/cqrs';
import { Regions } from '../persistence/regions.js';

/** Replaces the list of regions that are not served. */
export class RefuseRegions extends Command<void> {
  constructor(readonly regions: readonly string[]) {
    super();
  }
}

@CommandHandler(RefuseRegions)
export class RefuseRegionsHandler implements ICommandHandler<RefuseRegions> {
  constructor(private readonly regions: Regions) {}

  async execute({ regions }: RefuseRegions): Promise<void> {
    await this.regions.refuse(regions);
  }
}
