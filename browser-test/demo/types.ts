import { defineType, type ArtifactType } from 'boardlite';
import * as z from 'zod';

/** What can be published here, each with a payload that passes its schema. */
export const SAMPLES: readonly { readonly type: ArtifactType; readonly payload: object }[] = [
  {
    type: defineType('plan.Idea', z.strictObject({ text: z.string().min(1) })),
    payload: { text: 'Give every agent a shelf of its own' },
  },
  {
    type: defineType('plan.Task', z.strictObject({ title: z.string().min(1), hours: z.number().positive() })),
    payload: { title: 'Build the first shelf', hours: 3 },
  },
  {
    type: defineType('plan.Review', z.strictObject({ of: z.string().min(1), accepted: z.boolean() })),
    payload: { of: 'The first shelf', accepted: true },
  },
];
