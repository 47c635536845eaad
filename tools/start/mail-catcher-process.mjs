import { startMailCatcher } from '../mail-catcher.mjs';

const catcher = await startMailCatcher({ port: Number(process.env.SMTP_PORT), file: process.env.MAILS_FILE });
process.once('SIGTERM', () => void catcher.stop());
