import type { AgentSnapshot, Artifact, ArtifactDraft, ArtifactEnvelope, ConsumptionDraft } from './artifact.ts';
import { isArtifactType, TypeRegistry, type ArtifactType } from './artifact-type.ts';
import type { Board, Matches } from './board.ts';
import { checkCloseOptions, checkGetByTypeOptions } from './call.ts';
import { Calls } from './calls.ts';
import { attempt, checkId, checkText } from './checks.ts';
import { encodeCursor } from './cursor.ts';
import { InvalidArgumentError, InvalidPayloadError, ReadOnlyError, type CorruptError } from './errors.ts';
import { toAgentSnapshot, toArtifact, toConsumption, type Fact } from './fact.ts';
import type { ArtifactFilter, Selection } from './filter.ts';
import type { Immutable, JsonObject } from './json.ts';
import type { Page, PageOptions, Window } from './page.ts';
import { prepareDrafts } from './publishing.ts';
import { checkFilter, checkPage, checkType, select, windowOf, type CheckedPage } from './query.ts';
import { Stamps } from './stamps.ts';
import type {
  AgentHistory,
  ArtifactSummary,
  BlackboardStore,
  CallOptions,
  CloseOptions,
  GetByTypeOptions,
  StoreCapabilities,
  StoreOptions,
  StoreStats,
  TypedArtifact,
} from './store.ts';
import { historyCounts, summarize } from './summary.ts';
import { quote } from './text.ts';
import { instantOf } from './time.ts';
import { Turns } from './turns.ts';
import { validate } from './validation.ts';
import {
  checkAgentSnapshot,
  checkConsumptions,
  resolveAgentSnapshot,
  resolveClearing,
  resolveConsumptions,
  resolveDeletion,
  type Resolution,
  type Write,
} from './write.ts';

const EVERYTHING: Window = { limit: Infinity, offset: 0, order: 'asc', counted: false, after: null };
/** The limit of a page unless told. */
export const PAGE_LIMIT = 50;
const GRAPH_LIMIT = 500;

/**
 * The front that every backend shares, so that they cannot disagree about what a caller may say and when it happens:
 * arguments are checked and stamped inside the call, then the call waits for its turn, and in its turn a write is
 * resolved into facts and a read is answered, over the {@link Board} of the backend.
 */
export abstract class CheckedStore implements BlackboardStore {
  abstract readonly capabilities: StoreCapabilities;
  declare [Symbol.asyncDispose]: () => Promise<void>;

  protected abstract readonly board: Board;
  protected readonly types = new TypeRegistry();
  readonly #stamps: Stamps;
  protected readonly calls: Calls;

  static {
    // Not a method: where the symbol does not exist, a method would be called "undefined".
    if (typeof Symbol.asyncDispose === 'symbol') {
      this.prototype[Symbol.asyncDispose] = function () {
        return this.close();
      };
    }
  }

  /** @param options already checked */
  constructor(options: StoreOptions, calls = new Calls()) {
    this.calls = calls;
    this.#stamps = new Stamps(options.now, options.newId);
    for (const type of options.types ?? []) this.types.register(type, 'open store');
  }

  /** What only the backend knows of {@link StoreStats}. */
  protected abstract state(): Pick<StoreStats, 'epoch' | 'durability' | 'log' | 'lastCheckpoint'>;
  /** Called in the turn of a close, the last one. When it rejects, the store stays open. */
  protected abstract release(options: CloseOptions): Promise<void>;
  /** Told of each stored row that a read had to leave out. */
  protected abstract report(error: CorruptError): void;

  /** Called in the turn of a write, with what it comes to. */
  protected accept(facts: readonly Fact[]): void {
    this.board.apply(facts);
  }

  /** Carries out a write in its turn. */
  protected commit<T>(write: Write<T>, signal?: AbortSignal, preparation?: Promise<unknown>): Promise<T> {
    const settle = ({ facts, result }: Resolution<T>) => {
      if (facts.length > 0) this.accept(facts);
      return result;
    };
    const step = () => {
      const resolution = write.resolve(this.board);
      return resolution instanceof Promise ? resolution.then(settle) : settle(resolution);
    };
    return this.calls.take(signal, step, preparation);
  }

  publish<In = JsonObject>(draft: ArtifactDraft<In>, options?: CallOptions): Promise<Artifact<Immutable<In>>> {
    // The draft's payload is an In by its type, and the artifact holds it as given.
    return this.#publish('publish', options, () => [draft]).then(([artifact]) => artifact as Artifact<Immutable<In>>);
  }

  publishMany<const Ins extends readonly unknown[]>(
    drafts: { readonly [K in keyof Ins]: ArtifactDraft<Ins[K]> },
    options?: CallOptions,
  ): Promise<{ -readonly [K in keyof Ins]: Artifact<unknown extends Ins[K] ? JsonObject : Immutable<Ins[K]>> }> {
    const artifacts: Promise<unknown> = this.#publish('publishMany', options, () => {
      const given: unknown = drafts;
      return attempt('reading the drafts', 'publish', () => {
        if (Array.isArray(given)) return Array.from<unknown>(given);
        throw new InvalidArgumentError(`Cannot publish: the drafts must be an array, got ${quote(given)}`);
      });
    });
    return artifacts as Promise<{
      -readonly [K in keyof Ins]: Artifact<unknown extends Ins[K] ? JsonObject : Immutable<Ins[K]>>;
    }>;
  }

  get(id: string, options?: CallOptions): Promise<Artifact | null> {
    return this.#read('get', options, () => {
      const canonical = checkId(id, 'get artifact');
      return () => {
        const stored = this.board.get(canonical);
        return stored && toArtifact(stored);
      };
    });
  }

  list(options?: CallOptions): Promise<Artifact[]> {
    return this.#read('list', options, () => () => this.#all({}));
  }

  listByType<In>(type: ArtifactType<In, unknown> | string, options?: CallOptions): Promise<Artifact<Immutable<In>>[]> {
    const artifacts: Promise<unknown> = this.#read('listByType', options, () => {
      const action = 'list artifacts by type';
      const name = checkType(type, this.types, action);
      const resolve = this.#resolver(action);
      return () => this.#all({ typeNames: [resolve(name)] });
    });
    // Publish checked each payload against the schema that is registered under this name.
    return artifacts as Promise<Artifact<Immutable<In>>[]>;
  }

  getByType<Out>(
    type: ArtifactType<unknown, Out>,
    options: GetByTypeOptions & { readonly withArtifact: true },
  ): Promise<TypedArtifact<Out>[]>;
  getByType<Out>(
    type: ArtifactType<unknown, Out>,
    options?: GetByTypeOptions & { readonly withArtifact?: false | undefined },
  ): Promise<Out[]>;
  getByType<Out>(type: ArtifactType<unknown, Out>, options?: GetByTypeOptions): Promise<Out[] | TypedArtifact<Out>[]>;
  getByType<Out>(type: ArtifactType<unknown, Out>, options?: GetByTypeOptions): Promise<Out[] | TypedArtifact<Out>[]> {
    return this.calls.carryOut('getByType', undefined, async () => {
      const action = 'get artifacts by type';
      const { signal, correlationId, invalid, withArtifact } = checkGetByTypeOptions(options, action);
      if (!isArtifactType(type))
        throw new InvalidArgumentError(`Cannot ${action}: ${quote(type)} is not an artifact type`);
      this.types.register(type, action);
      const selection: Selection = { typeNames: [type.name], correlationId };
      const { artifacts, unreadable } = await this.calls.take(signal, () => this.#page(selection, EVERYTHING));
      if (invalid !== 'skip' && unreadable[0] !== undefined) throw unreadable[0];
      const found: TypedArtifact<Out>[] = [];
      const read = async () => {
        for (const stored of artifacts) {
          signal?.throwIfAborted();
          try {
            const value = await validate(type, stored.payload, `read artifact ${quote(stored.id)}`);
            found.push({ artifact: toArtifact(stored), value });
          } catch (error) {
            if (!(error instanceof InvalidPayloadError) || invalid !== 'skip') throw error;
          }
        }
      };
      // Waits as calls do, so that an abort ends it even where a schema never answers; nobody waits behind it.
      await new Turns().take(() => undefined, read(), signal);
      return withArtifact ? found : found.map(({ value }) => value);
    });
  }

  recordConsumptions(records: Iterable<ConsumptionDraft>, options?: CallOptions): Promise<void> {
    return this.#write('recordConsumptions', 'record consumptions', options, (action) => {
      const consumptions = checkConsumptions(records, this.#stamps, action);
      return {
        intent: { kind: 'consumption', consumptions },
        resolve: (board) => resolveConsumptions(consumptions, board, action),
      };
    });
  }

  queryArtifacts(
    filter: ArtifactFilter | undefined,
    page: PageOptions & { readonly embedMeta: true },
  ): Promise<Page<ArtifactEnvelope>>;
  queryArtifacts(
    filter?: ArtifactFilter,
    page?: PageOptions & { readonly embedMeta?: false | undefined },
  ): Promise<Page<Artifact>>;
  queryArtifacts(filter?: ArtifactFilter, page?: PageOptions): Promise<Page<Artifact | ArtifactEnvelope>> {
    return this.calls.carryOut('queryArtifacts', undefined, () =>
      this.#query<Artifact | ArtifactEnvelope>(filter, page, PAGE_LIMIT, 'query artifacts', (matches, { embedMeta }) =>
        embedMeta ? this.#envelopes(matches) : matches.artifacts.map(toArtifact),
      ),
    );
  }

  fetchGraphArtifacts(filter?: ArtifactFilter, page?: PageOptions): Promise<Page<ArtifactEnvelope>> {
    return this.calls.carryOut('fetchGraphArtifacts', undefined, () =>
      this.#query(filter, page, GRAPH_LIMIT, 'fetch graph artifacts', (matches) => this.#envelopes(matches)),
    );
  }

  summarizeArtifacts(filter?: ArtifactFilter, options?: CallOptions): Promise<ArtifactSummary> {
    return this.#read('summarizeArtifacts', options, () => {
      const select = this.#selector(filter, 'summarize artifacts');
      return () => {
        const selection = select();
        return summarize(this.board.counts(selection), selection);
      };
    });
  }

  agentHistorySummary(agentId: string, filter?: ArtifactFilter, options?: CallOptions): Promise<AgentHistory> {
    return this.#read('agentHistorySummary', options, () => {
      const action = 'summarize the history of an agent';
      const agent = checkText(agentId, action, 'agent id');
      const select = this.#selector(filter, action);
      return () => {
        const selection = select();
        return {
          produced: historyCounts(this.board.producedBy(agent, selection)),
          consumed: historyCounts(this.board.consumedBy(agent, selection)),
        };
      };
    });
  }

  upsertAgentSnapshot(snapshot: AgentSnapshot, options?: CallOptions): Promise<void> {
    return this.#write('upsertAgentSnapshot', 'keep agent snapshot', options, (action) => {
      const stored = checkAgentSnapshot(snapshot, action);
      return {
        intent: { kind: 'agent', snapshot: stored },
        resolve: (board) => resolveAgentSnapshot(stored, board),
      };
    });
  }

  loadAgentSnapshots(options?: CallOptions): Promise<AgentSnapshot[]> {
    return this.#read('loadAgentSnapshots', options, () => () => this.board.agents().map(toAgentSnapshot));
  }

  clearAgentSnapshots(options?: CallOptions): Promise<void> {
    return this.#write('clearAgentSnapshots', 'clear agent snapshots', options, () => ({
      intent: { kind: 'agents-cleared' },
      resolve: resolveClearing,
    }));
  }

  deleteBefore(before: Date, options?: CallOptions): Promise<number> {
    return this.#write('deleteBefore', 'delete artifacts', options, (action) => {
      const instant = instantOf(before, 'before', action);
      return { intent: { kind: 'deletion', before: instant }, resolve: (board) => resolveDeletion(instant, board) };
    });
  }

  vacuum(options?: CallOptions): Promise<void> {
    return this.#read('vacuum', options, () => {
      this.#refuseReadOnly('vacuum');
      return () => {
        this.board.vacuum();
      };
    });
  }

  stats(options?: CallOptions): Promise<StoreStats> {
    return this.#read('stats', options, () => () => ({
      ...this.board.size(),
      sequence: this.board.sequence,
      ...this.state(),
      operations: this.calls.stats(),
    }));
  }

  flush(options?: CallOptions): Promise<void> {
    return this.calls.carryOut('flush', options, ({ signal }) => this.calls.take(signal, () => undefined));
  }

  async close(options?: CloseOptions): Promise<void> {
    const checked = checkCloseOptions(options, 'close store');
    return this.calls.close(checked.signal, () => this.release(checked));
  }

  /** A call that asks: `prepare` checks its arguments now, and what it returns answers in its turn. */
  #read<T>(name: string, options: CallOptions | undefined, prepare: () => () => T): Promise<T> {
    return this.calls.carryOut(name, options, ({ signal }) => this.calls.take(signal, prepare()));
  }

  /** A call that changes: `prepare` checks its arguments now, and what it returns is carried out in its turn. */
  #write<T>(
    name: string,
    action: string,
    options: CallOptions | undefined,
    prepare: (action: string) => Write<T>,
  ): Promise<T> {
    return this.calls.carryOut(name, options, ({ signal }) => {
      this.#refuseReadOnly(action);
      return this.commit(prepare(action), signal);
    });
  }

  #publish(
    name: string,
    options: CallOptions | undefined,
    toDrafts: () => readonly unknown[],
  ): Promise<readonly unknown[]> {
    return this.calls.carryOut(name, options, ({ signal }) => {
      this.#refuseReadOnly('publish');
      const prepared = prepareDrafts(toDrafts(), this.types, this.#stamps, this.board);
      return this.commit(prepared, signal, prepared.validation);
    });
  }

  /** Resolves names as the types are now, and as the board is when it is called: in the turn. */
  #resolver(action: string): (name: string) => string {
    const { size } = this.types;
    return (name) => this.types.resolve(name, size, (exact) => this.board.hasTypeName(exact), action);
  }

  /** Reads a filter now and resolves its names when called, in the turn. */
  #selector(filter: unknown, action: string): () => Selection {
    const checked = checkFilter(filter, this.types, action);
    const resolve = this.#resolver(action);
    return () => select(checked, resolve);
  }

  #query<T>(
    filter: unknown,
    page: PageOptions | undefined,
    defaultLimit: number,
    action: string,
    toItems: (matches: Matches, page: CheckedPage) => T[],
  ): Promise<Page<T>> {
    return this.plan(filter, page, defaultLimit, action, (selection, window, checked) => {
      const matches = this.#page(selection, window);
      const last = matches.more ? matches.artifacts.at(-1) : undefined;
      return {
        items: toItems(matches, checked),
        total: matches.total,
        nextCursor: last === undefined ? null : encodeCursor(selection, window.order, last),
      };
    });
  }

  /** Carries out a step, in its turn, with what a filter and page options come to then. */
  protected plan<T>(
    filter: unknown,
    page: PageOptions | undefined,
    defaultLimit: number,
    action: string,
    step: (selection: Selection, window: Window, page: CheckedPage) => T,
  ): Promise<T> {
    const selectNow = this.#selector(filter, action);
    const checked = checkPage(page, defaultLimit, action);
    return this.calls.take(checked.signal, () => {
      const selection = selectNow();
      return step(selection, windowOf(checked, selection, action), checked);
    });
  }

  #all(selection: Selection): Artifact[] {
    return this.#page(selection, EVERYTHING).artifacts.map(toArtifact);
  }

  #page(selection: Selection, window: Window): Matches {
    const matches = this.board.page(selection, window);
    for (const error of matches.unreadable) this.report(error);
    return matches;
  }

  #envelopes({ artifacts }: Matches): ArtifactEnvelope[] {
    const consumptions = this.board.consumptionsOf(artifacts.map(({ id }) => id));
    return artifacts.map((artifact) => ({
      artifact: toArtifact(artifact),
      consumptions: (consumptions.get(artifact.id) ?? []).map(toConsumption),
    }));
  }

  #refuseReadOnly(action: string): void {
    if (!this.capabilities.writable) throw new ReadOnlyError(`Cannot ${action}: the store is read-only`);
  }
}
