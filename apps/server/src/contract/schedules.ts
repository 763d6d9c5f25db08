import { createRoute, idParameter, idSchema, jsonAnswer, jsonBody, problemAnswer, timeSchema, z } from './shared.ts';

const contentSchema = z.object({
  version: z
    .int()
    .min(1)
    .nullable()
    .default(null)
    .openapi({ description: 'Null: the draft, as it is when the schedule fires' }),
  cron: z
    .string()
    .max(200)
    .openapi({ description: 'Minute, hour, day of month, month, day of week', example: '0 3 * * *' }),
  timeZone: z.string().max(100).default('Asia/Tokyo').openapi({ description: 'IANA name', example: 'Asia/Tokyo' }),
  enabled: z.boolean().default(true),
});

export const scheduleSchema = contentSchema
  .extend({
    id: idSchema,
    flow: idSchema,
    nextAt: timeSchema.nullable(),
    lastAt: timeSchema.nullable(),
    lastRun: idSchema.nullable().openapi({ description: 'The run that it began last' }),
  })
  .openapi('Schedule');

export const listSchedules = createRoute({
  method: 'get',
  path: '/api/schedules',
  tags: ['schedules'],
  request: { query: z.object({ flow: idSchema.optional() }) },
  responses: { 200: jsonAnswer(z.object({ items: z.array(scheduleSchema) }), 'Oldest first') },
});

export const createSchedule = createRoute({
  method: 'post',
  path: '/api/schedules',
  tags: ['schedules'],
  description: 'Builds a flow by the clock. A time that is missed, because nothing ran then, is made up for once.',
  request: { body: jsonBody(contentSchema.extend({ flow: idSchema })) },
  responses: {
    201: jsonAnswer(scheduleSchema, 'Made'),
    404: problemAnswer('No such flow or version'),
    422: problemAnswer('`schedule-invalid`: the cron expression or the time zone cannot be read'),
  },
});

export const changeSchedule = createRoute({
  method: 'put',
  path: '/api/schedules/{id}',
  tags: ['schedules'],
  request: { params: idParameter, body: jsonBody(contentSchema) },
  responses: {
    200: jsonAnswer(scheduleSchema, 'Changed'),
    404: problemAnswer('No such schedule'),
    422: problemAnswer('`schedule-invalid`'),
  },
});

export const deleteSchedule = createRoute({
  method: 'delete',
  path: '/api/schedules/{id}',
  tags: ['schedules'],
  request: { params: idParameter },
  responses: { 204: { description: 'Gone' }, 404: problemAnswer('No such schedule') },
});
