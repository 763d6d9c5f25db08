import { KumikiError } from '@kumiki/node-sdk';
import { CronExpressionParser } from 'cron-parser';

/**
 * The first time after a moment that a cron expression means in a time zone, its changes of the clock included. Throws
 * `schedule-invalid`.
 */
export function findNextTime(
  { cron, timeZone }: { readonly cron: string; readonly timeZone: string },
  after: Date,
): Date {
  if (!isTimeZone(timeZone)) throw refuseTimeZone(timeZone);
  // The library also reads expressions that begin with seconds; a build every second would be nobody's wish.
  if (cron.trim().split(/\s+/).length !== 5) throw refuseCron(cron);
  try {
    return CronExpressionParser.parse(cron, { currentDate: after, tz: timeZone }).next().toDate();
  } catch {
    throw refuseCron(cron);
  }
}

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

function refuseCron(cron: string): KumikiError {
  return new KumikiError({
    code: 'schedule-invalid',
    status: 422,
    path: '/cron',
    message: {
      en: `“${cron}” is not a time that can be scheduled. Write minute, hour, day of month, month and day of week, such as 0 3 * * * for three o'clock every night.`,
      ja: `「${cron}」は予定として読み取れません。分、時、日、月、曜日の順に書いてください（例：毎日 3 時は 0 3 * * *）。`,
    },
  });
}

function refuseTimeZone(name: string): KumikiError {
  return new KumikiError({
    code: 'schedule-invalid',
    status: 422,
    path: '/timeZone',
    message: {
      en: `“${name}” is not a time zone. Give its IANA name, such as Asia/Tokyo.`,
      ja: `「${name}」というタイムゾーンはありません。Asia/Tokyo のような IANA の名前で指定してください。`,
    },
  });
}
