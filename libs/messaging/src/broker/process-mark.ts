import { createHash } from 'node:crypto';
import { readFileSync, readlinkSync } from 'node:fs';

const MARK = /@([0-9a-f]{16})\.(\d+)\.(\d+)(?:-|$)/;

/**
 * Names this process for good, as a part of a member's id: the host's boot and the namespace in which pids count, the pid,
 * and when the process began. Empty where the system does not tell: then its members are only known to be dead by their
 * silence.
 */
export function processMark(): string {
  const place = placeOfPids();
  const began = statOf(process.pid)?.began;
  return place && began ? `@${place}.${process.pid}.${began}` : '';
}

/** True only when the member's process ran where this one runs, and has certainly ended. */
export function isOfDeadProcess(memberId: string): boolean {
  const [, place, pid, began] = MARK.exec(memberId) ?? [];
  if (place === undefined || place !== placeOfPids()) return false;
  const stat = statOf(Number(pid));
  return stat ? stat.began !== began || stat.isZombie : isGone(Number(pid));
}

/** A process may be hidden from us in /proc, but not from a signal. */
function isGone(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH';
  }
}

let place: string | undefined;

/** Read once: a process keeps its boot and its namespace, and members are looked at every half second. */
function placeOfPids(): string | undefined {
  try {
    return (place ??= readPlaceOfPids());
  } catch {
    return undefined;
  }
}

function readPlaceOfPids(): string {
  const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
  return createHash('sha256').update(`${boot} ${readlinkSync('/proc/self/ns/pid')}`).digest('hex').slice(0, 16);
}

function statOf(pid: number): { readonly began: string; readonly isZombie: boolean } | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The second field is the name in brackets and may itself hold spaces and brackets.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return { began: fields[19]!, isZombie: fields[0] === 'Z' || fields[0] === 'X' };
  } catch {
    return undefined;
  }
}
