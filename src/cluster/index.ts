export { memberLimit, speedRange, type Action } from "./action.ts";
export type { Capabilities, Cluster, Listener, Member, Unsubscribe } from "./cluster.ts";
export {
  commandLimit,
  commandOf,
  isCommand,
  membersOfCommand,
  nameOf,
  visible,
  type CommandText,
} from "./command.ts";
export { isDeeperThan, isJson, membersOf, objectText, reformat } from "./python-json.ts";
export { membersOfState, readingMembers } from "./members-of-state.ts";
export { StateMachine } from "./state-machine.ts";
export { nextMember } from "./next-member.ts";
export { happeningOf, newestLeader, refusalOf, type Situation } from "./refusal.ts";
