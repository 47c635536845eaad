import { Log1764000000001 } from './0001-log.js';
import { Compaction1764000000002 } from './0002-compaction.js';
import { SubjectKeys1764000000003 } from './0003-subject-keys.js';

export const brokerMigrations = [Log1764000000001, Compaction1764000000002];

/** For a database of its own: with the log they would be away when the log is, and no personal data could be written. */
export const subjectKeyMigrations = [SubjectKeys1764000000003];
