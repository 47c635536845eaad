import type { Command } from './command.js';
import { apps } from './commands/apps.js';
import { archiveExport } from './commands/archive/export.js';
import { archiveImport } from './commands/archive/import.js';
import { audit } from './commands/audit.js';
import { consumersLag } from './commands/consumers/lag.js';
import { consumersPause, consumersResume } from './commands/consumers/pause.js';
import { contractsCatalogue } from './commands/contracts/catalogue.js';
import { contractsCheck } from './commands/contracts/check.js';
import { contractsDiff } from './commands/contracts/diff.js';
import { contractsPublish } from './commands/contracts/publish.js';
import { contractsRelease } from './commands/contracts/release.js';
import { deadLettersCauses } from './commands/dead-letters/causes.js';
import { deadLettersDiscard } from './commands/dead-letters/discard.js';
import { deadLettersEdit } from './commands/dead-letters/edit.js';
import { deadLettersList } from './commands/dead-letters/list.js';
import { deadLettersRedrive } from './commands/dead-letters/redrive.js';
import { deadLettersShow } from './commands/dead-letters/show.js';
import { deadLettersUndo } from './commands/dead-letters/undo.js';
import { forget } from './commands/forget.js';
import { outboxPause, outboxResume } from './commands/outbox/pause.js';
import { outboxStatus } from './commands/outbox/status.js';
import { projectionsCancel, projectionsDrop } from './commands/projections/end.js';
import { projectionsList } from './commands/projections/list.js';
import { rebuild } from './commands/projections/rebuild.js';
import { replay } from './commands/projections/replay.js';
import { sagasCancel } from './commands/sagas/cancel.js';
import { sagasList } from './commands/sagas/list.js';
import { sagasRetry } from './commands/sagas/retry.js';
import { sagasShow } from './commands/sagas/show.js';
import { story } from './commands/story/story.js';
import { token } from './commands/token.js';

/** Every command, in the order of the help. */
export const commands: readonly Command[] = [
  apps,
  story,
  deadLettersList,
  deadLettersCauses,
  deadLettersShow,
  deadLettersRedrive,
  deadLettersEdit,
  deadLettersDiscard,
  deadLettersUndo,
  outboxStatus,
  outboxPause,
  outboxResume,
  consumersLag,
  consumersPause,
  consumersResume,
  audit,
  contractsCheck,
  contractsDiff,
  contractsRelease,
  contractsPublish,
  contractsCatalogue,
  projectionsList,
  rebuild,
  replay,
  projectionsCancel,
  projectionsDrop,
  archiveExport,
  archiveImport,
  forget,
  sagasList,
  sagasShow,
  sagasRetry,
  sagasCancel,
  token,
];
