import type { MediumBench, MediumCapabilities } from '../../src/contract/medium-case.ts';
import type { MediumOptions, OpenMedium } from '../../src/persistence/medium.ts';
import { Choices } from './choices.ts';
import { Disk } from './disk.ts';
import { CalmHost } from './calm-host.ts';
import type { ModelOpenMedium } from './model-medium.ts';
import { Door, ModelMedium } from './model-medium.ts';

interface Place {
  readonly host: CalmHost;
  readonly door: Door;
}

export const SHARED_MODEL: MediumCapabilities = { shared: true, exclusive: false, orphans: true, powerCut: true };
export const EXCLUSIVE_MODEL: MediumCapabilities = { shared: false, exclusive: true, orphans: true, powerCut: true };

/** Model media on which nothing goes wrong but what the case asks for; `alter` changes them on their way to the case. */
export function modelBench(
  { shared }: MediumCapabilities,
  alter: (medium: OpenMedium) => OpenMedium = (medium) => medium,
  Model: new () => Disk = Disk,
): MediumBench {
  const places = new Map<OpenMedium, { readonly place: Place; readonly opened: ModelOpenMedium }>();
  let cuts = 0;
  const openOn = async (place: Place, options: Partial<MediumOptions> = {}) => {
    const opened = await new ModelMedium(place.host, place.door).open({ readOnly: false, ...options });
    const medium = alter(opened);
    places.set(medium, { place, opened });
    return medium;
  };
  const known = (medium: OpenMedium) => {
    const found = places.get(medium);
    if (found === undefined) throw new Error('The medium is not from this bench');
    return found;
  };
  return {
    open: (options) => openOn({ host: new CalmHost(new Model()), door: new Door(shared) }, options),
    reopen: async (medium, { abandon = false, powerCut = false, ...options } = {}) => {
      const { place, opened } = known(medium);
      if (abandon) opened.vanish();
      else await medium.close();
      if (powerCut) place.host.disk.cutPower(new Choices([++cuts]));
      else if (abandon) place.host.disk.endProcesses();
      return openOn(place, options);
    },
    second: (medium, options) => openOn(known(medium).place, options),
    endPage: (medium) => known(medium).opened.endPage(),
  };
}
