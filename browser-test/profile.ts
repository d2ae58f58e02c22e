import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** The folder of a new browser whose user does not let sites keep anything on the device. */
export async function profileThatKeepsNothing(): Promise<string> {
  const profile = await mkdtemp(join(tmpdir(), 'boardlite-browser-'));
  await mkdir(join(profile, 'Default'));
  const settings = { profile: { default_content_setting_values: { cookies: 2 } } };
  await writeFile(join(profile, 'Default', 'Preferences'), JSON.stringify(settings));
  return profile;
}
