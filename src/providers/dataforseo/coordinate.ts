/** How a family writes a coordinate: `latitude,longitude` and what follows. */
export type CoordinateForm =
  | { last: 'none' }
  | { last: 'radius'; min: number; max: number }
  | { last: 'zoom'; min: number; max: number };

/** What a coordinate of this form looks like, in words. */
export function coordinateForm(form: CoordinateForm): string {
  switch (form.last) {
    case 'none':
      return '"latitude,longitude"';
    case 'radius':
      return `"latitude,longitude,radius" with a radius from ${form.min} to ${form.max}`;
    case 'zoom':
      return `"latitude,longitude,zoom" with a zoom from ${form.min}z to ${form.max}z`;
  }
}

/** Whether a text is a coordinate of this form; at most seven decimals, as the vendor allows. */
export function isCoordinate(text: string, form: CoordinateForm): boolean {
  const [latitude = '', longitude = '', last, ...rest] = text.split(',').map((part) => part.trim());
  if (rest.length > 0 || !isDegrees(latitude, 90) || !isDegrees(longitude, 180)) return false;
  switch (form.last) {
    case 'none':
      return last === undefined;
    case 'radius':
      return last !== undefined && /^\d+(\.\d+)?$/.test(last) && isBetween(Number(last), form);
    case 'zoom':
      // Without a zoom the vendor takes one of its own.
      return (
        last === undefined || (/^\d+(\.\d+)?z$/.test(last) && isBetween(Number(last.slice(0, -1)), form))
      );
  }
}

function isDegrees(text: string, max: number): boolean {
  return /^-?\d{1,3}(\.\d{1,7})?$/.test(text) && Math.abs(Number(text)) <= max;
}

function isBetween(value: number, { min, max }: { min: number; max: number }): boolean {
  return value >= min && value <= max;
}
