import { faults } from './faults/index.js';
import type { Round, Step } from './plan.js';
import { recoveryOf, stages } from './probe.js';
import type { Happened, RoundRecovery } from './report.js';
import type { Stage } from './stage.js';

interface RoundOptions {
  /** Seconds since the start of the load. */
  passed(): number;
  secondsLeft(): number;
  readonly atOnce: number;
  tell(text: string): void;
}

const COMES_BACK_MS = 60_000;

/** Runs the faults of a round beside each other, then follows one order through the shop. */
export class Rounds {
  readonly steps: Happened[] = [];
  readonly recoveries: RoundRecovery[] = [];

  constructor(
    private readonly stage: Stage,
    private readonly options: RoundOptions,
  ) {}

  /** False when the time is over: nothing of the round fitted into what was left. */
  async run(round: Round): Promise<boolean> {
    const { stage, options } = this;
    const happened = await this.beside(round);
    this.steps.push(...happened);
    if (happened.length === 0) return false;
    const after = happened.map(({ n }) => n);
    const recovery = await recoveryOf(stage.shop);
    this.recoveries.push({ after, recovery });
    const times = stages.map((name) => `${name} ${recovery[name] === undefined ? 'NEVER' : `${recovery[name]} ms`}`);
    options.tell(`   after ${after.length === 1 ? after[0] : `these ${after.length}`}: ${times.join(', ')}`);
    return true;
  }

  private async beside(round: Round): Promise<Happened[]> {
    const waiting = [...round];
    const happened: Happened[] = [];
    const busy = new Set<string>();
    const running = new Set<Promise<void>>();
    while (waiting.length + running.size > 0) {
      const step = running.size < this.options.atOnce ? this.takeNext(waiting, busy) : undefined;
      // Nobody to wait for: nothing of what waits fits into the time.
      if (!step && running.size === 0) break;
      if (!step) {
        await Promise.race(running);
        continue;
      }
      for (const app of step.touches) busy.add(app);
      const work = this.happen(step).then((one) => {
        happened.push(one);
        running.delete(work);
        for (const app of step.touches) busy.delete(app);
      });
      running.add(work);
    }
    return happened.sort((one, other) => one.n - other.n);
  }

  /**
   * One whose apps are free: of those the one whose apps have the most before them, because what they have left is what the round
   * waits for in the end. What no longer fits into the time is dropped.
   */
  private takeNext(waiting: Step[], busy: ReadonlySet<string>): Step | undefined {
    const { stage, options } = this;
    const fits = ({ holdSeconds }: Step) => !stage.signal.aborted && holdSeconds <= options.secondsLeft();
    waiting.splice(0, waiting.length, ...waiting.filter(fits));
    const left = (app: string) => waiting.filter(({ touches }) => touches.includes(app)).reduce((sum, { holdSeconds }) => sum + holdSeconds, 0);
    const most = ({ touches }: Step) => Math.max(0, ...touches.map(left));
    const [next] = waiting.filter(({ touches }) => touches.every((app) => !busy.has(app))).sort((one, other) => most(other) - most(one));
    if (next) waiting.splice(waiting.indexOf(next), 1);
    return next;
  }

  private async happen(step: Step): Promise<Happened> {
    const { stage, options } = this;
    const fault = faults.find(({ kind }) => kind === step.kind)!;
    // Who has not come back from the last fault would show nothing of this one.
    const came = await Promise.all(step.touches.map((app) => stage.shop.app(app).ready(COMES_BACK_MS))).then(() => '', (error: Error) => error.message);
    const began = options.passed();
    const evidence = came === '' ? await fault.inject(stage, step).catch(failed) : failed(new Error(came));
    options.tell(`${step.n}. ${step.kind} ${step.target}: ${evidence.fired ? '' : 'DID NOT HAPPEN: '}${evidence.seen}`);
    return { ...step, about: fault.about, began, ended: options.passed(), ...evidence };
  }
}

const failed = ({ message }: Error) => ({ fired: false, seen: `failed: ${message}` });
