import { isOfDeadProcess } from '@nestbox/messaging';
import kafkajs from 'kafkajs';
import { isCoordinatorNotReady, kafkaErrorType } from './kafka.error.js';
import type { CoordinatorInternals, JoinRequest } from './kafkajs-internals.js';

/**
 * Who a subscription is in its group. The id outlives its client: a coordinator that still knows it need not wait for the
 * session of a member that nobody is any more.
 */
export interface MemberIdentity {
  id: string;
  /** Why the latest try to join failed. */
  refusal?: Error;
  /** Set when the subscription ends. Until then a client that crashed leaves its place, and no request, to the next one. */
  isLeaving?: boolean;
}

/**
 * The group's coordinator as kafkajs gets it, with three differences. The member joins under the id that it had, and
 * does not leave when only its client is replaced: a broker that does not answer would be waited for. And a coordinator that
 * is not ready is asked again, as after a rebalance: kafkajs would give the join up, and read on under the
 * generation that has been handed over.
 */
export function joining(coordinator: CoordinatorInternals, member: MemberIdentity): CoordinatorInternals {
  const joinGroup = async (request: JoinRequest) => {
    try {
      return await coordinator.joinGroup({ ...request, memberId: request.memberId || member.id });
    } catch (error) {
      if (kafkaErrorType(error) === 'UNKNOWN_MEMBER_ID') member.id = '';
      throw noted(member, error);
    }
  };
  const syncGroup = async (request: object) => {
    try {
      return await coordinator.syncGroup(request);
    } catch (error) {
      throw noted(member, error);
    }
  };
  const leaveGroup = async (request: { groupId: string; memberId: string }) =>
    member.isLeaving ? coordinator.leaveGroup(request) : undefined;
  return Object.assign(Object.create(coordinator) as CoordinatorInternals, { joinGroup, syncGroup, leaveGroup });
}

function noted(member: MemberIdentity, error: unknown): unknown {
  member.refusal = error as Error;
  if (!isCoordinatorNotReady(error)) return error;
  return Object.assign(new kafkajs.KafkaJSError(error as Error), { type: 'REBALANCE_IN_PROGRESS' });
}

/**
 * Removes members whose processes have ended on this host, so that nobody waits for their sessions. Whatever keeps it from
 * that is left to the join that follows: it asks the same coordinator, and what fails there is reported.
 */
export async function buryTheDead(coordinator: CoordinatorInternals, groupId: string): Promise<void> {
  try {
    const { groups } = await coordinator.describeGroups({ groupIds: [groupId] });
    const dead = groups.flatMap(({ members }) => members).filter(({ memberId }) => isOfDeadProcess(memberId));
    for (const { memberId } of dead) await coordinator.leaveGroup({ groupId, memberId });
  } catch {
    return;
  }
}
