import { DomainError } from '@nestbox/kernel';

export class ProjectionNotFound extends DomainError {
  readonly code = 'PROJECTION_NOT_FOUND';
  override readonly kind = 'missing';

  constructor(id: string) {
    super(`This app has no projection ${id}.`);
  }
}

export class ProjectionNotRebuildable extends DomainError {
  readonly code = 'PROJECTION_NOT_REBUILDABLE';

  constructor(id: string, why: string) {
    super(`${id} ${why}.`);
  }
}

export class GenerationBusy extends DomainError {
  readonly code = 'GENERATION_BUSY';

  constructor(id: string) {
    super(`A generation of ${id} is being built: wait for it, or cancel it.`);
  }
}

export class GenerationNotFound extends DomainError {
  readonly code = 'GENERATION_NOT_FOUND';
  override readonly kind = 'missing';

  constructor(id: number, wanted: string) {
    super(`There is no generation ${id} that ${wanted}.`);
  }
}

export class HistoryGone extends DomainError {
  readonly code = 'HISTORY_GONE';

  constructor(place: string, earliest: string) {
    super(`${place} begins at offset ${earliest}: what came before is older than its retention. Import its archive first.`);
  }
}

export class RangeInvalid extends DomainError {
  readonly code = 'REPLAY_RANGE_INVALID';
  override readonly kind = 'rule';

  constructor(text: string) {
    super(`"${text}" is neither a time such as 2026-11-23T06:00:00Z nor an offset.`);
  }
}
