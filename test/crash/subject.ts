import { agent, at, consumption, entry, numbers } from '../../src/contract/samples.ts';
import type { Artifact, ArtifactEnvelope } from '../../src/core/artifact.ts';
import { NotFoundError } from '../../src/core/errors.ts';
import type { Durability, Medium } from '../../src/persistence/medium.ts';
import { openSqliteStore, type SqliteStore } from '../../src/sqlite/sqlite-store.ts';
import { consumptionKey, NOT_FOUND, textOfSightings, type Answer, type Request, type Sighting } from './board-state.ts';
import type { Reading } from './witness.ts';

/** An answer, the artifacts that it shows, and under which epoch. */
interface Reply {
  readonly answer: Answer;
  readonly sightings: readonly Sighting[];
  readonly epoch: string;
}

const DONE = { answer: 'done', sightings: [] };

/** A store as histories use it. */
export class Subject {
  readonly #store: SqliteStore;

  private constructor(store: SqliteStore) {
    this.#store = store;
  }

  static async open(medium: Medium, durability: Durability): Promise<Subject> {
    return new Subject(await openSqliteStore({ medium, durability, now: () => at(0) }));
  }

  /** @param call the number of the call, which is written with it */
  async ask(request: Request, call: number): Promise<Reply> {
    // Called in the same moment, so that nothing comes between the two.
    const [reply, { epoch }] = await Promise.all([this.#ask(request, call), this.#store.stats()]);
    return { ...reply, epoch };
  }

  async #ask(request: Request, call: number): Promise<Omit<Reply, 'epoch'>> {
    switch (request.kind) {
      case 'publish': {
        const sightings = (await this.#publish(request.ids, call)).map(sightingOf);
        return { answer: sightings.map(({ sequence }) => sequence), sightings };
      }
      case 'consume':
        try {
          await this.#store.recordConsumptions(
            request.ids.map((id) => consumption(id, { runId: String(request.run) })),
          );
          return DONE;
        } catch (error) {
          if (error instanceof NotFoundError) return { answer: NOT_FOUND, sightings: [] };
          throw error;
        }
      case 'delete':
        return { answer: await this.#store.deleteBefore(at(request.before)), sightings: [] };
      case 'agent':
        await this.#store.upsertAgentSnapshot(agent(request.name, { description: String(call) }));
        return DONE;
      case 'clear':
        await this.#store.clearAgentSnapshots();
        return DONE;
      case 'look': {
        const refreshing = request.isFresh ? this.#store.refresh() : null;
        // Called before the first has ended, so that nothing comes between the two.
        const [artifacts] = await Promise.all([this.#store.list(), refreshing]);
        const sightings = artifacts.map(sightingOf);
        return { answer: textOfSightings(sightings), sightings };
      }
    }
  }

  async read(): Promise<Reading> {
    const { items } = await this.#store.fetchGraphArtifacts(undefined, { limit: Infinity });
    const agents = await this.#store.loadAgentSnapshots();
    const { sequence, epoch } = await this.#store.stats();
    const sightings = items.map(({ artifact }) => sightingOf(artifact));
    return {
      epoch,
      board: {
        sequence,
        artifacts: new Map(sightings.map((sighting) => [sighting.id, sighting])),
        consumptions: new Set(items.flatMap(consumptionsOf)),
        agents: new Map(agents.map(({ agentName, description }) => [agentName, Number(description)])),
      },
    };
  }

  checkpoint(): Promise<void> {
    return this.#store.checkpoint();
  }

  flush(): Promise<void> {
    return this.#store.flush();
  }

  close(checkpoint?: boolean): Promise<void> {
    return this.#store.close({ checkpoint });
  }

  async #publish(ids: readonly number[], call: number): Promise<Artifact[]> {
    const drafts = ids.map((id) => entry(id, { payload: { call } }));
    const [draft] = drafts;
    return draft !== undefined && drafts.length === 1
      ? [await this.#store.publish(draft)]
      : this.#store.publishMany(drafts);
  }
}

function sightingOf(artifact: Artifact): Sighting {
  return { id: numbers([artifact])[0] ?? -1, call: Number(artifact.payload['call']), sequence: artifact.sequence };
}

function consumptionsOf({ artifact, consumptions }: ArtifactEnvelope): string[] {
  const { id } = sightingOf(artifact);
  return consumptions.map(({ runId }) => consumptionKey(id, Number(runId)));
}
