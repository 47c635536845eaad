import { Injectable } from '@nestjs/common';
import { UnitOfWork } from '@nestbox/database';

/** Regions that the carrier does not serve. */
@Injectable()
export class Regions {
  constructor(private readonly unitOfWork: UnitOfWork) {}

  async isServed(region: string): Promise<boolean> {
    return (await this.unitOfWork.query('SELECT FROM refused_regions WHERE region = $1', [region])).length === 0;
  }

  /** Replaces the whole list. */
  async refuse(regions: readonly string[]): Promise<void> {
    await this.unitOfWork.query('DELETE FROM refused_regions');
    await this.unitOfWork.query('INSERT INTO refused_regions SELECT DISTINCT unnest($1::text[])', [regions]);
  }
}
